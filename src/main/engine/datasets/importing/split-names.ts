/** What others call the splits that mean something here, in lower case. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  train: 'train',
  training: 'train',
  dev: 'dev',
  devel: 'dev',
  development: 'dev',
  val: 'dev',
  valid: 'dev',
  validation: 'dev',
  test: 'test',
  testing: 'test',
}

/** The split that a qrels file is by its name: `validation` is `dev`. Any other name is its own. */
export function splitOf(name: string): string {
  return OTHER_NAMES[name.toLowerCase()] ?? name
}

/** Whether a split is trained, chosen or tested on, or is a part of one that is (`test-supports`). */
export function isUsedSplit(name: string): boolean {
  return /^(train|dev|test)(-|$)/.test(name)
}
