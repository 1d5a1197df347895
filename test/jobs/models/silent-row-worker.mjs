/** A row worker that takes chunks and never answers. */
process.on('message', () => undefined)
process.on('disconnect', () => process.exit(0))
