import type { GlobalThemeOverrides } from 'naive-ui'
import { readTextToken, type TokenName } from '../display/read-tokens'

/** Naive UI's variables from the window's tokens. */
export function naiveTheme(token: Readonly<Record<TokenName, string>>): GlobalThemeOverrides {
  return {
    common: {
      fontFamily: readTextToken('font-text'),
      fontFamilyMono: readTextToken('font-mono'),
      fontSize: '14px',
      fontSizeSmall: '13px',
      fontSizeMedium: '14px',
      borderRadius: '6px',
      borderRadiusSmall: '4px',
      heightSmall: '28px',
      heightMedium: '32px',
      primaryColor: token['color-accent'],
      primaryColorHover: token['color-accent-strong'],
      primaryColorPressed: token['color-accent-strong'],
      primaryColorSuppl: token['color-accent'],
      errorColor: token['color-bad'],
      errorColorHover: token['color-bad'],
      errorColorPressed: token['color-bad'],
      successColor: token['color-good'],
      warningColor: token['color-warn'],
      textColorBase: token['color-text'],
      textColor1: token['color-text'],
      textColor2: token['color-text'],
      textColor3: token['color-text-2'],
      placeholderColor: token['color-text-3'],
      placeholderColorDisabled: token['color-text-3'],
      bodyColor: token['color-canvas'],
      cardColor: token['color-surface'],
      modalColor: token['color-raised'],
      popoverColor: token['color-raised'],
      inputColor: token['color-surface'],
      inputColorDisabled: token['color-sunken'],
      borderColor: token['color-line-strong'],
      dividerColor: token['color-line'],
      hoverColor: token['color-hover'],
      railColor: token['color-line'],
    },
    Button: {
      border: `1px solid ${token['color-line-medium']}`,
      borderDisabled: `1px solid ${token['color-line']}`,
      textColorPrimary: token['color-on-accent'],
      textColorHoverPrimary: token['color-on-accent'],
      textColorPressedPrimary: token['color-on-accent'],
      textColorFocusPrimary: token['color-on-accent'],
      textColorDisabledPrimary: token['color-on-accent'],
      waveOpacity: '0',
      fontWeight: '500',
    },
    // The dark theme draws no border of its own: an input would be told from a panel by shade alone.
    Input: {
      border: `1px solid ${token['color-line-strong']}`,
      borderDisabled: `1px solid ${token['color-line-medium']}`,
      color: token['color-surface'],
      colorFocus: token['color-surface'],
    },
    Progress: { railHeight: '4px', fillColor: token['color-accent'] },
  }
}
