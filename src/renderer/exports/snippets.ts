import useHeadPython from '../../../examples/use_head.py?raw'
import useHeadNode from '../../../examples/use-head.mjs?raw'

export interface Snippet {
  readonly language: string
  /** As the script is called in the examples. */
  readonly script: string
  readonly code: string
  /** The command line that runs it on a head. */
  usage(head: string): string
}

/** Scripts to copy that send query vectors through a head: the ones that the tests of the examples run. */
export const SNIPPETS: readonly Snippet[] = [
  {
    language: 'Python',
    script: 'use_head.py',
    code: useHeadPython,
    usage: (head) => `python use_head.py ${head} queries.npy adapted.npy`,
  },
  {
    language: 'Node',
    script: 'use-head.mjs',
    code: useHeadNode,
    usage: (head) => `node use-head.mjs ${head} queries.npy adapted.npy`,
  },
]
