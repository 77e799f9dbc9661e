"""How a replay looks: with its script live at one step, and without it as first and last picture."""

REPLAY_STYLE = """
html{scroll-padding-top:5rem}
.controls{display:none;position:sticky;top:0;z-index:1;background:var(--paper);border-bottom:1px solid var(--line);
padding:.6rem 0;gap:.5rem .7rem;flex-wrap:wrap;align-items:center}
.live .controls{display:flex}
.controls button,.controls select{font:inherit;color:var(--ink);background:var(--shade);border:1px solid var(--muted);
border-radius:.3rem;padding:.25rem .7rem;min-height:2.2rem}
.controls button{min-width:4.2rem}.controls .hop{min-width:2.6rem}
.controls input{flex:1 1 12rem;min-width:8rem;accent-color:var(--blue);min-height:2rem}
.controls output{font-variant-numeric:tabular-nums;min-width:8.5rem}
:is(button,select,input,summary):focus-visible{outline:3px solid var(--blue);outline-offset:2px}
.films{display:grid;gap:0 2.5rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,25rem),1fr))}
.film{min-width:0}
.film h2{margin-top:1.2rem;padding-top:0;border-top:0}
.words{min-height:3.2em;max-width:none;margin:.4rem 0}
.parts{display:flex;flex-wrap:wrap;gap:.5rem 2rem;align-items:flex-start}
.stage{flex:1 1 20rem;margin:.4rem 0;min-width:0}
.stage svg{width:100%;max-height:30rem;height:auto}
.stage figcaption{max-width:none}
.numbers{flex:1 1 20rem;min-width:0}
.key{margin-left:.6rem;white-space:nowrap}
i.cell.thing{border:2px solid var(--muted);border-radius:.25em}
i.cell{display:inline-block;width:.8em;height:.8em;vertical-align:-.05em}
i.disc{display:inline-block;min-width:1.5em;padding:0 .3em;border-radius:.75em;text-align:center;color:var(--paper);
font-style:normal;font-size:.85em;line-height:1.5}
.charts{display:grid;margin-top:.8rem;gap:.3rem 1.5rem;
grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr))}
.series{margin:.5rem 0}
.series figcaption{margin:0 0 .1rem}
.series figcaption b{color:var(--ink);font-variant-numeric:tabular-nums}
.series svg{width:100%;max-width:30rem;cursor:pointer}
.seats{width:100%}
.alone{display:flex;flex-wrap:wrap;gap:0 2.5rem}
.alone .wide{flex:0 1 auto}.alone .seats{width:auto}.alone .charts{flex:1 1 20rem}
.seats th,.seats td{padding-right:.7rem}
.seats tbody th{min-width:8rem}
.all{margin:.6rem 0}
.all ol{max-height:16rem;overflow-y:auto;font-size:.9rem;padding-left:2.6rem;max-width:none}
.all li[aria-current]{background:var(--shade);font-weight:600}
.all summary{cursor:pointer}
.live .last,html:not(.live) .all,html:not(.live) .now{display:none}
.help{display:none}.live .help{display:block}
kbd{border:1px solid var(--muted);border-radius:.2rem;padding:0 .3em;font:inherit;font-size:.9em}
@media screen and (min-width:56rem){.live .film:only-child .stage.first{position:sticky;top:4.5rem}}
@media print{.controls,.all,.help{display:none!important}}
"""
