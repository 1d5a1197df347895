import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join, relative, resolve, sep } from 'node:path'
import Ajv from 'ajv'
import { minimatch } from 'minimatch'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import configuration from '../electron-builder'
import { CARD_ENDING } from '../src/main/hosts/electron/card-file'
import { unpackedRoot } from '../src/main/hosts/electron/unpacked-root'
import { readPng } from './read-png'

const root = resolve(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const { files, asarUnpack, extraResources, fileAssociations, directories, appId } = configuration
const manifest = JSON.parse(read('package.json'))

/** Paths of all files below a folder of the project, from its root. */
function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
}

const matches = (path: string, pattern: string) => minimatch(path, pattern, { dot: true })
const PLATFORMS = [
  { platform: 'linux', arch: 'x64' },
  { platform: 'linux', arch: 'arm64' },
  { platform: 'darwin', arch: 'arm64' },
  { platform: 'win32', arch: 'x64' },
]
/** Whether electron-builder packs a file: of the project what a pattern names, of dependencies what none takes away. */
function isPacked(path: string, { platform, arch } = PLATFORMS[0]): boolean {
  const patterns = files.map((one) =>
    one.replaceAll(/\$\{platform\}/g, platform).replaceAll(/\$\{arch\}/g, arch),
  )
  const [minus, plus] = [
    patterns.filter((one) => one.startsWith('!')),
    patterns.filter((one) => !one.startsWith('!')),
  ]
  if (minus.some((one) => matches(path, one.slice(1)))) return false
  return path.startsWith('node_modules/') || plus.some((one) => matches(path, one))
}
const isUnpacked = (path: string) => asarUnpack.some((one) => matches(path, one))

/** What `npm ls --omit=dev` would say, from the lock: a dependency's own `dev` mark is npm's. */
const locked: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean; peer?: boolean }> =
  JSON.parse(read('package-lock.json')).packages
const production = Object.entries(locked)
  .filter(([path, { dev, devOptional, peer }]) => path && !dev && !devOptional && !peer)
  .map(([path]) => path)
  .filter((path) => existsSync(join(root, path)))

/** Packages that a built file imports or requires, by name. */
function packagesOf(file: string): string[] {
  const text = read(file)
  const required = [...text.matchAll(/createRequire\(import\.meta\.url\)\("([^"]+)"\)/g)].map(
    ([, name]) => name,
  )
  return [...ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName), ...required]
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:') && !builtinModules.includes(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    )
}

describe('the configuration of electron-builder', () => {
  it('is one by its own schema, which knows every mistake', () => {
    const ajv = new Ajv({ allErrors: true, strict: false })
    const check = ajv.compile(JSON.parse(read('test/fixtures/electron-builder/scheme.json')))
    check(configuration)
    expect(check.errors).toBeNull()
    expect(check({ ...configuration, asarUnpacked: [] })).toBe(false)
    expect(check({ ...configuration, linux: { target: 7 } })).toBe(false)
  })

  it('is checked with the schema of the version that packs', () => {
    const version = /electron-builder@([\d.]+)/.exec(manifest.scripts.package)?.[1]
    expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(read('test/fixtures/electron-builder/README.md')).toContain(`app-builder-lib ${version}`)
    expect(read('README.md').includes('npm run package')).toBe(true)
  })

  it('says of the application what the application says of itself', () => {
    expect(fileAssociations.map(({ ext }) => `.${ext}`)).toEqual([CARD_ENDING])
    expect(read('src/main/hosts/electron/start-desktop.ts')).toContain(`'${appId}'`)
    expect(configuration.electronFuses.runAsNode).toBe(true)
  })

  it('has an icon that every platform’s can be made of', () => {
    const { width, height } = readPng(join(root, directories.buildResources, 'icon.png'))
    expect(width).toBe(height)
    expect(width).toBeGreaterThanOrEqual(512)
  })
})

describe('the tarball', () => {
  it('holds what runs, and nothing else', () => {
    const [{ files: listed }] = JSON.parse(
      execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
        cwd: root,
        encoding: 'utf8',
      }),
    ) as [{ files: { path: string }[] }]
    const packed = listed.map(({ path }) => path)
    const build = filesUnder('out').filter((path) => /^out\/(main|preload|renderer)\//.test(path))
    expect(packed).toEqual(expect.arrayContaining([...build, ...filesUnder('resources'), 'bin/hydra.mjs']))
    const rest = packed.filter((path) => !/^(out\/(main|preload|renderer)|resources|bin)\//.test(path))
    expect(rest.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'])
  })
})

describe('what is packed', () => {
  const built = filesUnder('out').filter((path) => /^out\/(main|preload|renderer)\//.test(path))

  it('is the whole build, and nothing else of the project', () => {
    expect(built.length).toBeGreaterThan(20)
    expect(built.filter((path) => !isPacked(path))).toEqual([])
    expect(isPacked(manifest.main)).toBe(true)
    const others = [
      'out/build.json',
      'src/main/index.ts',
      'test/packaging.system.test.ts',
      'workspace/.lock',
      'bin/hydra.mjs',
    ]
    expect(others.filter((path) => isPacked(path))).toEqual([])
  })

  it('has every package that the build asks for', () => {
    const asked = new Set(
      built.filter((path) => /\.c?js$/.test(path) && !path.startsWith('out/renderer/')).flatMap(packagesOf),
    )
    expect([...asked]).toEqual(expect.arrayContaining(['@tensorflow/tfjs', 'onnxruntime-node', 'ws']))
    const provided = [
      ...Object.keys(manifest.dependencies),
      ...Object.keys(manifest.peerDependencies),
      'electron',
    ]
    expect([...asked].filter((name) => !provided.includes(name))).toEqual([])
  })

  it('has as files what worker processes and native code read', () => {
    const workers = built.filter((path) => path.startsWith('out/main/'))
    expect(workers.filter((path) => path.endsWith('-worker.js')).length).toBeGreaterThan(1)
    const native = production
      .filter((path) => !path.includes('/node_modules/', 1))
      .flatMap((path) => filesUnder(path))
      .filter((path) => /\.(node|wasm|so[.\d]*|dylib|dll)$/.test(path))
    expect(native.filter((path) => path.endsWith('.node')).length).toBeGreaterThan(0)
    expect(native.filter((path) => path.endsWith('.wasm')).length).toBeGreaterThan(0)
    expect([...workers, ...native, 'package.json'].filter((path) => !isUnpacked(path))).toEqual([])
    // What only Electron's own process reads needs no files.
    expect(built.some((path) => path.startsWith('out/renderer/') && isUnpacked(path))).toBe(false)
  })

  it.each(PLATFORMS)('has one ONNX Runtime: $platform, $arch', (place) => {
    const libraries = filesUnder('node_modules/onnxruntime-node/bin').filter((path) => path.endsWith('.node'))
    const packed = libraries.filter((path) => isPacked(path, place))
    expect(packed).toEqual([
      `node_modules/onnxruntime-node/bin/napi-v6/${place.platform}/${place.arch}/onnxruntime_binding.node`,
    ])
    expect(isPacked('node_modules/onnxruntime-node/dist/index.js', place)).toBe(true)
  })

  it('has the model and the card templates where the application looks for them', () => {
    const [{ from, to }] = extraResources
    const at = join('/resources', to)
    expect(join(unpackedRoot(join('/resources', 'app.asar')), 'resources')).toBe(at)
    const found = filesUnder(from)
    expect(found.some((path) => path.endsWith('.onnx'))).toBe(true)
    expect(found.some((path) => path.startsWith('resources/cards/'))).toBe(true)
  })
})
