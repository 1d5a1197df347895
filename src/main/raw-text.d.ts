/** `import text from './file?raw'`, which the build and vitest replace by what the file holds: scripts that go along as they are. */
declare module '*?raw' {
  const text: string
  export default text
}
