/** @file How the element looks; a page may set its font and colours from outside, and its width. */
export const STYLE = `
:host { display: block; max-width: 34rem; font: 1rem/1.45 system-ui, sans-serif; }
:host([hidden]) { display: none; }
section { padding: 1em; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 10px; }
section.over { background: color-mix(in srgb, #5790fc 12%, transparent); }
header { display: flex; flex-wrap: wrap; gap: 0 .8em; align-items: baseline; }
.quiet { opacity: .75; font-size: .88em; }
.bad { color: #c62331; overflow-wrap: anywhere; }
p { margin: .5em 0 0; }
progress { width: 100%; margin-top: .6em; }
button { margin: .6em .6em 0 0; padding: .3em .9em; font: inherit; cursor: pointer; }
svg { display: block; width: 100%; margin-top: .6em; font-size: 13px; fill: currentColor; }
`;
