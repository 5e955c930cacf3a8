/// The templates of the page (Mustache, logic-less). Double braces escape; the triple ones insert the style sheet and
/// HTML that was escaped where it was made (`Markdown.html`, `PageText.prose`).
enum PageTemplate {
    // The words are ours and hold nothing that HTML or Mustache would read.
    static func page(_ words: Words) -> String {
        """
        <!doctype html>
        <html lang="{{language}}">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <meta name="color-scheme" content="light dark">
        <title>{{title}}{{#hasStudent}} · {{student}}{{/hasStudent}}</title>
        <style>{{{style}}}</style>
        </head>
        <body>
        <a class="skip" href="#steps">\(words(.skipToSteps))</a>
        <header>
        <p class="eyebrow">\(words(.labReport)) · {{lab}}</p>
        <h1>{{title}}</h1>
        <p class="who">{{#hasStudent}}<strong>{{student}}</strong> · {{/hasStudent}}{{when}}</p>
        </header>
        <section class="result is-{{outcome}}" aria-labelledby="result">
        <h2 id="result"><span class="mark" aria-hidden="true">{{mark}}</span> {{headline}}</h2>
        <div class="strip" role="group" aria-label="\(words(.everyCheck))">{{#pieces}}<a class="is-{{outcome}}" href="{{link}}" title="{{label}}" aria-label="{{label}}"></a>{{/pieces}}</div>
        <dl class="figures">
        <div><dt>\(words(.points))</dt><dd>{{points}}</dd></div>
        <div><dt>\(words(.time))</dt><dd>{{time}}</dd></div>
        </dl>
        <p class="next"><strong>\(words(.next))</strong> {{next}}</p>
        {{#isHandsOn}}<p class="remark">\(words(.handsOnRemark))</p>{{/isHandsOn}}
        </section>
        {{#hasFindings}}
        <section class="findings" aria-labelledby="findings">
        <h2 id="findings">\(words(.findings))</h2>
        <ul>{{#findings}}<li>{{.}}</li>{{/findings}}</ul>
        </section>
        {{/hasFindings}}
        <div class="columns">
        <nav aria-label="\(words(.steps))">
        {{#sections}}
        <p class="group"><a href="#{{anchor}}">{{title}}</a></p>
        <ol>
        {{#steps}}
        <li class="is-{{outcome}}"><a href="#{{anchor}}"><span class="mark" aria-hidden="true">{{mark}}</span><span class="name">{{title}}<span class="sr">, {{label}}</span></span>{{#hasPoints}}<span class="score">{{points}}</span>{{/hasPoints}}</a></li>
        {{/steps}}
        </ol>
        {{/sections}}
        </nav>
        <main id="steps">
        {{#sections}}
        <section aria-labelledby="{{anchor}}">
        <h2 id="{{anchor}}" class="section">{{title}}</h2>
        {{#steps}}
        {{> step}}
        {{/steps}}
        </section>
        {{/sections}}
        </main>
        </div>
        <footer>
        <h2>\(words(.origin))</h2>
        <p>\(words(.recomputedNotBelieved)) <code>{{again}}</code></p>
        <dl class="facts">{{#provenance}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/provenance}}</dl>
        {{#hasVariables}}<h3>\(words(.variables))</h3><dl class="facts">{{#variables}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/variables}}</dl>{{/hasVariables}}
        {{#hasCapabilities}}<h3>\(words(.machine))</h3><dl class="facts">{{#capabilities}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/capabilities}}</dl>{{/hasCapabilities}}
        </footer>
        </body>
        </html>

        """
    }

    static func step(_ words: Words) -> String {
        """
        <article id="{{anchor}}" class="step is-{{outcome}}">
        <h3><span class="mark" aria-hidden="true">{{mark}}</span><span class="name">{{title}}</span><span class="sr">, {{label}}</span>{{#hasPoints}}<span class="score">{{points}}<span class="sr"> \(words(.plainPoints))</span></span>{{/hasPoints}}</h3>
        <p class="meta">{{label}} · {{meta}}</p>
        {{#hasReason}}<p class="reason">{{{reason}}}</p>{{/hasReason}}
        {{#hasTask}}<div class="task">{{{task}}}</div>{{/hasTask}}
        {{#hasExplain}}<div class="explain">{{{explain}}}</div>{{/hasExplain}}
        {{#hasByHand}}
        <h4>\(words(.byHand))</h4>
        <dl class="commands">{{#byHand}}<div><dt>{{tool}}</dt><dd><pre><code>{{command}}</code></pre></dd></div>{{/byHand}}</dl>
        {{/hasByHand}}
        {{#hasNotes}}
        <h4>\(words(.wasSeen))</h4>
        <ul class="seen">{{#notes}}<li>{{{.}}}</li>{{/notes}}</ul>
        {{/hasNotes}}
        {{#hasChecks}}
        <h4>\(words(.checks))</h4>
        {{#checks}}
        {{> check}}
        {{/checks}}
        {{/hasChecks}}
        {{#hasHints}}{{#hints}}<details class="hint"><summary>{{name}}</summary><p>{{{text}}}</p></details>{{/hints}}{{/hasHints}}
        {{#hasResults}}<details class="more"><summary>\(words(.results))</summary><dl class="facts">{{#results}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/results}}</dl></details>{{/hasResults}}
        {{#hasEvidence}}<p class="evidence"><span class="lead">\(words(.evidence))</span> {{#evidence}}{{#isLinked}}<a href="{{link}}">{{name}}</a>{{/isLinked}}{{^isLinked}}<code>{{name}}</code>{{/isLinked}} {{/evidence}}</p>{{/hasEvidence}}
        </article>

        """
    }

    static func check(_ words: Words) -> String {
        """
        <details class="check is-{{outcome}}"{{#isOpen}} open{{/isOpen}}>
        <summary><span class="mark" aria-hidden="true">{{mark}}</span><span class="sr">{{label}}: </span><span class="name">{{name}}</span> <code class="question">{{question}}</code>{{#hasPoints}}<span class="score">{{points}}<span class="sr"> \(words(.plainPoints))</span></span>{{/hasPoints}}</summary>
        <div class="inside">
        {{#hasReason}}<p class="reason">{{{reason}}}</p>{{/hasReason}}
        {{#hasSides}}<dl class="sides">{{#sides}}<div class="{{quality}}"><dt>{{label}}</dt><dd><code>{{text}}</code></dd></div>{{/sides}}</dl>{{/hasSides}}
        {{#hasDrawing}}<pre class="source" tabindex="0" aria-label="\(words(.sourceInLabFile))">{{drawing}}</pre>{{/hasDrawing}}
        <p class="about">{{polarity}} {{source}}{{#hasLooked}} · {{looked}}{{/hasLooked}} · {{provenance}}</p>
        </div>
        </details>

        """
    }
}
