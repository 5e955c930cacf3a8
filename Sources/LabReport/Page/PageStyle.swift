/// The style sheet of the page: light and dark by the reader's preference, one column on a telephone, paper when printed.
package enum PageStyle {
    package static let css = """
        :root{color-scheme:light dark;--page:#faf9f7;--card:#fff;--ink:#1d1c1a;--soft:#5e5a54;--line:#e3dfd8;--tint:#f2efea;--good:#17704a;--bad:#b42318;--bad-tint:#fdf1ef;--doubt:#6b3fa0;--idle:#6b6660;--link:#1f5a99}
        @media (prefers-color-scheme:dark){:root{--page:#171615;--card:#201f1d;--ink:#ebe8e3;--soft:#aaa59d;--line:#37342f;--tint:#2a2825;--good:#5cc796;--bad:#ff8a7d;--bad-tint:#33201d;--doubt:#c3a2f2;--idle:#a09a92;--link:#8bbcf0}}
        *{box-sizing:border-box}
        html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
        @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
        body{margin:0 auto;max-width:72rem;padding:3rem 1.5rem 4rem;background:var(--page);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif;overflow-wrap:anywhere}
        h1,h2,h3,h4,p,ul,ol,dl,dd,pre{margin:0}
        h1{font-size:2.25rem;line-height:1.2;letter-spacing:-.02em;font-weight:700;text-wrap:balance}
        h4{margin:1.25rem 0 .4rem;font-size:.8125rem;font-weight:600;color:var(--soft)}
        a{color:var(--link);text-underline-offset:.15em}
        a:focus-visible,summary:focus-visible,pre:focus-visible{outline:2px solid var(--link);outline-offset:3px;border-radius:3px}
        code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;font-size:.875em;unicode-bidi:isolate}
        pre{overflow-x:auto;overflow-wrap:normal}
        .sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .skip{position:absolute;left:-999rem}
        .skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem}
        .eyebrow{font-size:.875rem;color:var(--soft);margin-bottom:.35rem}
        .who{margin-top:.5rem;color:var(--soft)}
        .who strong{color:var(--ink);font-weight:600}
        .is-passed{--tone:var(--good)}.is-failed{--tone:var(--bad)}.is-unchecked{--tone:var(--doubt)}
        .is-waiting,.is-not-done,.is-not-offered,.is-done{--tone:var(--idle)}
        .mark{color:var(--tone);font-weight:700;display:inline-block;width:1.1em;text-align:center;flex:none}
        .score{margin-left:auto;padding-left:1rem;color:var(--soft);font-size:.875rem;font-weight:400;font-variant-numeric:tabular-nums;white-space:nowrap;flex:none}
        .result{margin:2rem 0 0;padding:1.5rem 1.75rem;background:var(--card);border:1px solid var(--line);border-radius:12px}
        .result h2{font-size:1.25rem;line-height:1.4;font-weight:650}
        .strip{display:flex;gap:3px;margin:1.1rem 0 1.25rem;height:14px}
        .strip a{flex:1 1 0;min-width:1px;background:var(--tone);border-radius:3px}
        .strip .is-waiting,.strip .is-not-done{background:none;border:1.5px solid var(--tone)}
        .strip .is-unchecked{background:repeating-linear-gradient(135deg,var(--tone) 0 3px,var(--card) 3px 6px)}
        .figures{display:flex;flex-wrap:wrap;gap:.5rem 2.5rem}
        .figures dt{font-size:.8125rem;color:var(--soft)}
        .figures dd{font-weight:550}
        .next{margin-top:1.1rem;padding-top:1.1rem;border-top:1px solid var(--line)}
        .next strong{margin-right:.5rem}
        .remark{margin-top:.75rem;color:var(--soft);font-size:.9375rem}
        .findings{margin-top:1.25rem;padding:1.25rem 1.75rem;border:1px solid var(--bad);border-left-width:6px;border-radius:12px;background:var(--bad-tint)}
        .findings h2{font-size:1.0625rem;color:var(--bad)}
        .findings ul{margin-top:.4rem;padding-left:1.2rem}
        .columns{display:grid;grid-template-columns:minmax(0,1fr);gap:2.5rem;margin-top:2.5rem}
        nav{font-size:.9375rem}
        nav .group{margin:1.25rem 0 .25rem;font-weight:600}
        nav .group:first-child{margin-top:0}
        nav a{color:inherit;text-decoration:none}
        nav ol{list-style:none;padding:0}
        nav li a{display:flex;gap:.5rem;padding:.15rem 0;line-height:1.4;color:var(--soft)}
        nav li.is-failed a{color:var(--ink)}
        nav a:hover .name,nav .group a:hover{text-decoration:underline}
        @media (min-width:66rem){.columns{grid-template-columns:17rem minmax(0,1fr);gap:3.5rem}nav{position:sticky;top:2rem;align-self:start;max-height:calc(100vh - 4rem);overflow-y:auto;scrollbar-width:thin}}
        h2.section{font-size:1.5rem;letter-spacing:-.01em;margin:3rem 0 1rem;scroll-margin-top:1.5rem}
        main>section:first-child h2.section{margin-top:0}
        .step{padding:1.5rem 0 1.75rem;border-top:1px solid var(--line);scroll-margin-top:1rem}
        .step>h3{display:flex;align-items:baseline;gap:.5rem;font-size:1.125rem;line-height:1.4;font-weight:650}
        .step>:not(h3){margin-left:1.6rem}
        .meta{font-size:.875rem;color:var(--soft)}
        .reason{color:var(--tone);font-weight:550}
        .step>.reason{margin-top:.75rem}
        .task,.explain{margin-top:.75rem;max-width:42rem}
        .explain{color:var(--soft)}
        .explain>*+*,.task>*+*{margin-top:.6rem}
        .explain ul,.explain ol,.task ul,.task ol{padding-left:1.3rem}
        .explain pre,.task pre{padding:.6rem .8rem;background:var(--tint);border-radius:6px}
        .commands div{display:grid;grid-template-columns:6.5rem minmax(0,1fr);align-items:baseline}
        .commands dt{font-size:.875rem;color:var(--soft)}
        .commands div+div{margin-top:.3rem}
        .commands pre{padding:.35rem .7rem;background:var(--tint);border-radius:6px}
        .seen{list-style:none;padding:0;font-size:.9375rem}
        .seen li{padding-left:1rem;border-left:2px solid var(--line)}
        .check{border:1px solid var(--line);border-radius:8px;background:var(--card)}
        .check+.check{margin-top:.4rem}
        .check.is-failed{border-color:var(--bad)}
        .check summary{display:flex;align-items:baseline;gap:.5rem;padding:.5rem .8rem;cursor:pointer;list-style:none}
        .check summary::-webkit-details-marker{display:none}
        .check summary .name{flex:none;max-width:40%;font-weight:550}
        .check summary .question{min-width:0;color:var(--soft);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        .check[open] summary .question{white-space:normal}
        .inside{padding:.25rem .8rem .8rem 2.3rem}
        .sides{display:grid;gap:.15rem;margin:.5rem 0}
        .sides div{display:grid;grid-template-columns:5.5rem minmax(0,1fr);align-items:baseline}
        .sides dt{font-size:.875rem;color:var(--soft)}
        .sides .off code{color:var(--tone);font-weight:600}
        .source{margin:.6rem 0;padding:.6rem .8rem;background:var(--tint);border-radius:6px;line-height:1.45}
        .about{font-size:.8125rem;color:var(--soft)}
        .hint,.more{margin-top:.75rem}
        .hint summary,.more summary{cursor:pointer;color:var(--link);width:fit-content}
        .hint p{padding:.3rem 0 0 1.1rem}
        .evidence{margin-top:1rem;font-size:.875rem;color:var(--soft)}
        .evidence a,.evidence code{margin-left:.5rem;white-space:nowrap}
        footer{margin-top:4rem;padding-top:1.5rem;border-top:1px solid var(--line);font-size:.875rem;color:var(--soft)}
        footer h2,footer h3{font-size:1rem;color:var(--ink)}
        footer h3{margin-top:1.25rem}
        .facts{margin-top:.6rem}
        .facts div{display:grid;grid-template-columns:9rem minmax(0,1fr);gap:1rem}
        .facts dd{font-variant-numeric:tabular-nums}
        @media (max-width:40rem){body{padding:1.5rem 1rem 3rem}h1{font-size:1.75rem}.result{padding:1.1rem}.step>:not(h3){margin-left:0}.strip{gap:1px}.check summary{flex-wrap:wrap}.check summary .question{order:1;flex-basis:100%}.check summary .name{max-width:none}.commands div,.facts div{grid-template-columns:minmax(0,1fr);gap:0}.inside{padding-left:.8rem}}
        @media print{:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#ccc;--tint:#f4f4f4;--good:#17704a;--bad:#b42318;--doubt:#6b3fa0;--idle:#666;--link:#000}body{max-width:none;padding:0;font-size:10pt}.columns{display:block}nav{position:static;max-height:none;break-after:page}main h2.section{break-after:avoid}.step>h3{break-after:avoid}.check,.result,.findings{break-inside:avoid}.skip{display:none}details::details-content{content-visibility:visible;block-size:auto}.check summary .question{white-space:normal}.strip,.mark{print-color-adjust:exact;-webkit-print-color-adjust:exact}pre{white-space:pre-wrap}}
        """
}
