/* Tokens: what canvas and map need of css/tokens.css, which style sheets get by themselves.
   Promises: read anew at each call, so that a change of the theme is seen. Must not know: what
   is drawn. */

export const FONT = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC"];
export const FONT_BOLD = ["Bold", ...FONT]; // no such family: only its weight is taken

/** The value of a colour token now. */
export const colour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Sizes grow with the interface on a wall. */
export const scale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
