/** Which experts a network has, and whose trained cards they are; stands in its checkpoint. */
export interface ExpertPlan {
  /** Families, or clusters of cards. */
  readonly names: readonly string[]
  /** [trained cards] place of each card's expert, in the order of the network's tasks */
  readonly of: readonly number[]
  /** One more expert, for the cards of all that have several. */
  readonly shared: boolean
}

/** Name of the expert of all. */
export const SHARED_EXPERT = 'shared'

/** Every expert in the order of its weights, with the places of its trained cards. */
export function expertsOf({ names, of, shared }: ExpertPlan): { name: string; members: number[] }[] {
  const experts = names.map((name, expert) => ({
    name,
    members: of.flatMap((own, card) => (own === expert ? [card] : [])),
  }))
  if (!shared) return experts
  return [...experts, { name: SHARED_EXPERT, members: sharedMembers(experts.map(({ members }) => members)) }]
}

/** What carries over between corpora is learned, and judged, where there are several of a kind. */
function sharedMembers(members: readonly (readonly number[])[]): number[] {
  return members.filter(({ length }) => length > 1).flat()
}

/** Place of an expert among all, −1 for none of them. */
export function placeOfExpert({ names, shared }: ExpertPlan, name: string | undefined): number {
  if (name === undefined) return -1
  return shared && name === SHARED_EXPERT ? names.length : names.indexOf(name)
}

/** As a reader knows it: an ordinary collection, which is a family of its own, by its id. */
export function expertTitle(name: string): string {
  return name.replace(/^\//, '')
}
