/** Builds out/ when it is missing or stale (or `always`); true when it built. */
export function buildWhenStale(options?: { always?: boolean }): Promise<boolean>
