/**
 * How the desktop application is packed: `npm run package` on the system that it is for; see README, Install. Its fields are
 * checked against electron-builder's own schema, and its patterns against the build, by test/packaging.system.test.ts.
 *
 * The archive (`app.asar`) holds what Electron's own process reads: the page, the preload script. What worker processes and
 * native code read lies beside it as files, the model too, all under `app.asar.unpacked`, laid out as in a checkout; that
 * folder is the application's root for everything but the page (src/main/hosts/electron/unpacked-root.ts).
 */
export default {
  appId: 'org.hydra-workbench.desktop',
  productName: 'Hydra Workbench',
  copyright: 'Apache License 2.0',
  directories: { output: 'dist', buildResources: 'installer' },
  // Packages for Debian name a page and a maintainer; who publishes one says whose.
  extraMetadata: { homepage: process.env.HYDRA_HOMEPAGE ?? 'https://hydra-workbench.invalid' },

  // Production dependencies are added by electron-builder itself; these patterns only take away from them.
  files: [
    'package.json',
    'LICENSE',
    'out/{main,preload,renderer}/**',
    '!**/*.map',
    // ONNX Runtime brings its libraries for every platform: 288 MB, of which one is used.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder's own placeholders
    '!node_modules/onnxruntime-node/bin/napi-v6/!(${platform})/**',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder's own placeholders
    '!node_modules/onnxruntime-node/bin/napi-v6/${platform}/!(${arch})/**',
    // What transformers.js has for browsers: 150 MB that Node never reads.
    '!node_modules/onnxruntime-web/**',
    '!node_modules/@xenova/transformers/{src,types}/**',
    '!node_modules/@xenova/transformers/dist/!(transformers.node.mjs)',
  ],
  asar: true,
  asarUnpack: ['package.json', 'out/main/**', 'node_modules/**'],
  extraResources: [{ from: 'resources', to: 'app.asar.unpacked/resources' }],
  // Native modules are prebuilt against Node-API: there is nothing to compile.
  npmRebuild: false,
  electronFuses: {
    // Workers are this binary as plain Node (docs/decisions/0005-fork-also-in-electron.md).
    runAsNode: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },
  publish: null,

  fileAssociations: [
    {
      ext: 'hydracard',
      name: 'Hydra task card',
      description: 'Hydra task card',
      mimeType: 'application/x-hydracard',
      role: 'Editor',
    },
  ],
  linux: {
    target: ['AppImage', 'deb'],
    category: 'Science',
    synopsis: 'From a task card to an honest verdict to a deployable head',
    maintainer: process.env.HYDRA_MAINTAINER ?? 'Hydra Workbench <packages@hydra-workbench.invalid>',
    executableName: 'hydra-workbench',
  },
  mac: {
    // The only one that ONNX Runtime has a library for.
    target: [{ target: 'dmg', arch: ['arm64'] }],
    category: 'public.app-category.developer-tools',
  },
  win: { target: ['nsis'] },
  // Windows registers a file's kind for the whole machine only.
  nsis: { oneClick: false, perMachine: true, allowToChangeInstallationDirectory: true },
}
