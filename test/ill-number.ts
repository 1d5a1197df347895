import fc from 'fast-check'

/** Numbers that are none: what every guard must refuse. */
export const illNumber = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
