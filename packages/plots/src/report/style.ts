/** @file The report's style sheet. */
import { fontFamily, themeSheet } from '../parts/style.js';

/** CSS of a report: light and dark, from phone to print. */
export function reportStyle(): string {
  return `${themeSheet(':root')}
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--jet-paper);color:var(--jet-ink);font:16px/1.55 ${fontFamily};font-variant-numeric:lining-nums}
main,header,footer{max-width:1120px;margin:0 auto;padding:0 24px}
header{padding-top:56px}
header p{max-width:46em;margin:12px 0 0;color:var(--jet-muted);font-size:1.06rem}
h1{margin:0;font-size:clamp(1.75rem,1.2rem + 2.4vw,2.6rem);line-height:1.14;letter-spacing:-.022em;font-weight:700;text-wrap:balance}
h2{margin:0 0 4px;font-size:1.32rem;letter-spacing:-.012em;line-height:1.25}
h3{margin:32px 0 8px;font-size:1rem}
nav{display:flex;flex-wrap:wrap;gap:4px 20px;margin-top:24px;padding:10px 0;border-block:1px solid var(--jet-faint);font-size:.92rem}
a{color:inherit;text-decoration-color:var(--jet-muted);text-underline-offset:3px}
nav a{text-decoration:none}
nav a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--jet-series-1);outline-offset:2px}
section{padding:36px 0 0}
h1,h2,p,figcaption,li{overflow-wrap:break-word}
section>p{max-width:46em;margin:4px 0 0;color:var(--jet-muted)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,200px),1fr));gap:12px;margin:28px 0 0}
.tiles div{padding:16px 18px;border:1px solid var(--jet-faint);border-radius:10px}
.tiles dt{color:var(--jet-muted);font-size:.88rem}
.tiles dd{margin:2px 0 0;font-size:1.85rem;font-weight:650;letter-spacing:-.02em;line-height:1.25;white-space:nowrap}
.tiles dd small{display:block;font-size:.84rem;font-weight:400;letter-spacing:0;color:var(--jet-muted);white-space:normal}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:28px 36px;margin-top:20px;align-items:start}
.figures.one{grid-template-columns:minmax(0,1fr)}
@media(min-width:860px){.figures.triple{grid-template-columns:minmax(0,656fr) minmax(0,398fr);gap:28px 16px}}
figure{margin:0;min-width:0}
figure>svg,.wide>svg,.roomy>svg,.narrow>svg{display:block;max-width:100%;height:auto}
figcaption{margin-top:8px;color:var(--jet-muted);font-size:.9rem;line-height:1.45;max-width:46em}
.scroll{overflow-x:auto;background:linear-gradient(to right,var(--jet-paper) 24px,transparent) left/40px 100% no-repeat local,linear-gradient(to left,var(--jet-paper) 24px,transparent) right/40px 100% no-repeat local,linear-gradient(to right,var(--jet-faint),transparent) left/10px 100% no-repeat,linear-gradient(to left,var(--jet-faint),transparent) right/10px 100% no-repeat}
.wide>svg{min-width:700px}
.wide>.jet-plot-recipe{min-width:980px}
.wide>.jet-plot-network{min-width:0;max-width:none}
@media(min-width:860px){.triple .wide>svg{min-width:0}}
@media screen and (max-width:740px){.wide:not(:has(>.jet-plot-network))+figcaption::before{content:'Scrolls sideways. '}}
table{border-collapse:collapse;width:100%;font-size:.95rem;font-variant-numeric:tabular-nums lining-nums}
th,td{padding:9px 14px 9px 0;text-align:right;white-space:nowrap;border-bottom:1px solid var(--jet-faint)}
th:first-child,td:first-child{text-align:left}
td.text,th.text{text-align:left}
thead th{border-bottom:1.5px solid var(--jet-ink);font-weight:600;vertical-align:bottom}
tbody th{font-weight:600;white-space:normal;overflow-wrap:anywhere;min-width:9em}
th:last-child,td:last-child{padding-right:2px}
.table{margin-top:20px}
.of,.narrow{display:none}
.muted{color:var(--jet-muted)}
.pm{display:inline-flex;flex-direction:column;margin-left:.3em;vertical-align:middle;font-size:.72em;line-height:1.12;color:var(--jet-muted);text-align:left;font-weight:400;letter-spacing:0}
.tiles .pm{font-size:.46em;margin-left:.4em;line-height:1.2}
sub,sup{font-size:.72em;line-height:0}
.key{display:inline-block;width:26px;height:8px;margin-right:10px;vertical-align:middle;overflow:visible}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);margin:16px 0 0;font-size:.95rem}
.facts dt,.facts dd{padding:7px 0;border-bottom:1px solid var(--jet-faint);overflow-wrap:anywhere}
.facts dt{color:var(--jet-muted);padding-right:28px}
.facts dd{margin:0}
.warnings{margin:16px 0 0;padding:0;list-style:none}
.warnings li{margin-top:8px;padding:10px 14px;border:1px solid var(--jet-faint);border-left:4px solid var(--jet-series-2);border-radius:6px;font-size:.95rem}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace;font-size:.88em}
pre{margin:16px 0 0;padding:14px 16px;white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--jet-faint);border-radius:8px}
footer{margin-top:56px;padding-top:18px;padding-bottom:48px;border-top:1px solid var(--jet-faint);max-width:1072px;padding-inline:0;color:var(--jet-muted);font-size:.9rem}
@media(max-width:640px){main,header{padding-inline:16px}header{padding-top:32px}footer{margin-inline:16px}.facts{grid-template-columns:1fr}.facts dt{border:0;padding-bottom:0}.facts dd{padding-top:0}}
@media screen and (max-width:640px){.roomy{display:none}.narrow{display:block}.table thead{display:none}.table table,.table tbody{display:block}.table tbody{border-top:1.5px solid var(--jet-ink)}.table tr{display:flex;flex-wrap:wrap;gap:2px 18px;padding:9px 0;border-bottom:1px solid var(--jet-faint)}.table th,.table td{padding:0;border:0;text-align:left;white-space:normal}.table th{flex:1 0 100%}.table td:empty{display:none}.of{display:inline;margin-right:.3em;color:var(--jet-muted)}}
@media print{@page{margin:16mm}body{font-size:10.5pt}nav{display:none}main,header,footer{max-width:none;padding-inline:0}header{padding-top:0}figure,tr,.tiles div,.warnings li{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible;background:none}.tiles{grid-template-columns:repeat(4,1fr)}.figures:not(.one,.triple){grid-template-columns:1fr 1fr;gap:16px 20px}table{font-size:8.5pt}th,td{padding:4px 8px 4px 0}.wide>svg,.wide>.jet-plot-recipe{min-width:0}}
`;
}
