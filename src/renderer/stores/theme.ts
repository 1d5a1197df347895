import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { readTokens } from '../display/read-tokens'

export type ThemeChoice = 'system' | 'light' | 'dark'

const KEY = 'hydra.theme'
const CHOICES: readonly ThemeChoice[] = ['system', 'light', 'dark']

/** Light or dark: the system's unless a person chose, stored on this machine. */
export const useTheme = defineStore('theme', () => {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const systemDark = ref(system.matches)
  system.addEventListener('change', (event) => {
    systemDark.value = event.matches
  })

  const stored = localStorage.getItem(KEY)
  const choice = ref<ThemeChoice>(CHOICES.find((one) => one === stored) ?? 'system')
  const dark = computed(() => (choice.value === 'system' ? systemDark.value : choice.value === 'dark'))
  const tokens = shallowRef(apply())

  function apply() {
    if (choice.value === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = choice.value
    const read = readTokens()
    nameColor(read['color-canvas'])
    return read
  }
  watch([choice, systemDark], () => {
    localStorage.setItem(KEY, choice.value)
    tokens.value = apply()
  })

  return { choice, dark, tokens }
})

/** What is around the page, a desktop window or a browser's bar, takes its colour. */
function nameColor(color: string): void {
  document.querySelector<HTMLMetaElement>('meta[name="theme-color"]')!.content = color
}
