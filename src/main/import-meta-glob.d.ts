/** `import.meta.glob`, which the build and vitest replace by imports of the files it finds: how a registry lists its folder. */
/// <reference types="vite/types/importMeta.d.ts" />
