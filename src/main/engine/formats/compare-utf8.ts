/**
 * Order of two texts by their UTF-8 bytes, as C's strcmp, Python's str and `LC_ALL=C sort` have it: negative where a comes
 * first. JavaScript's `<` compares UTF-16 units, in which 😀 (D83D DE00) comes before Ａ (FF21).
 */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const [one, other] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (one !== other) return inBytes(one) - inBytes(other)
  }
  return a.length - b.length
}

/** Surrogates stand for what lies beyond U+FFFF: they go behind the units from U+E000 on. */
function inBytes(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
