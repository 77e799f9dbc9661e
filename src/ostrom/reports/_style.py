"""How a report looks in a browser: narrow or wide, light or dark, on a screen or on paper."""

STYLE = """
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:62rem;padding:1.5rem 1.25rem 3rem;background:var(--paper);color:var(--ink);
font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;overflow-wrap:break-word}
h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0 .8rem}
h2{font-size:1.2rem;margin:2.4rem 0 .6rem;padding-top:.9rem;border-top:1px solid var(--line)}
p{margin:.6rem 0;max-width:46rem}
.lead{font-size:1.12rem}
code{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
.aside,caption,figcaption,footer{color:var(--muted);font-size:.875rem}
a{color:var(--blue)}
a:focus-visible,.wide:focus-visible{outline:3px solid var(--blue);outline-offset:2px}
.skip{position:absolute;left:-100rem}
.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.3rem .6rem}
nav ul{list-style:none;margin:1rem 0 0;padding:0;display:flex;flex-wrap:wrap;gap:.35rem 1.1rem;font-size:.9rem}
.wide{overflow-x:auto;margin:1rem 0 .4rem;background:linear-gradient(90deg,var(--paper) 40%,transparent) 0 0/2rem 100%
no-repeat local,linear-gradient(270deg,var(--paper) 40%,transparent) 100% 0/2rem 100% no-repeat local,
linear-gradient(90deg,var(--line),transparent) 0 0/.7rem 100% no-repeat scroll,
linear-gradient(270deg,var(--line),transparent) 100% 0/.7rem 100% no-repeat scroll}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem}
caption{text-align:left;padding:.2rem 0 .4rem;caption-side:top}
caption span{display:block;width:max-content;max-width:min(46rem,calc(100vw - 2.5rem))}
ul{max-width:46rem;padding-left:1.3rem}main>section>ul>li{margin:.35rem 0}
th,td{padding:.3rem .9rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);
max-width:26rem;min-width:3rem}
td:last-child{max-width:36rem}
thead th{border-bottom:2px solid var(--muted);vertical-align:bottom}
tbody th{font-weight:400}
.marked th,.marked td{font-weight:600}
th.number,td.number{text-align:right}
td.number{white-space:nowrap}
.pictures{display:flex;flex-wrap:wrap;gap:1rem 2rem;align-items:flex-start}
figure{margin:1rem 0;max-width:100%}
figure svg{display:block;max-width:100%;height:auto}
figure.wide svg{min-width:38rem}
figcaption{max-width:28rem;margin-top:.4rem}
.claims{list-style:none;padding:0;margin:.6rem 0}
.claims li{margin:.8rem 0;max-width:46rem}
.claims.brief li{margin:.4rem 0}
.claims p{margin:.15rem 0 0}
.verdict{display:inline-block;padding:0 .5rem;border:1px solid currentColor;border-radius:.25rem;font-size:.875rem}
.proved,.supported{color:var(--green)}.refuted{color:var(--red)}.unknown{color:var(--muted)}
footer{margin-top:3rem;border-top:1px solid var(--line)}
@media (max-width:34rem){table{font-size:.82rem}th,td{padding-right:.6rem}}
@media print{body{max-width:none;padding:0;font-size:10.5pt}nav,.skip{display:none}
figure,tr,.claims li{break-inside:avoid}h2{break-after:avoid}.wide{overflow:visible;background:none}}
"""
