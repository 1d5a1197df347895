/** Where Electron's binary lies, or null; imports nothing of Electron. */
export function findElectron(): string | null
