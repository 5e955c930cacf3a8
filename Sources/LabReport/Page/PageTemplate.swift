/// The templates of the page (Mustache, logic-less). Double braces escape; the triple ones insert the style sheet and
/// HTML that was escaped where it was made (`Markdown.html`, `PageText.prose`).
enum PageTemplate {
    static let page = """
        <!doctype html>
        <html lang="en">
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
        <a class="skip" href="#steps">Skip to the steps</a>
        <header>
        <p class="eyebrow">Lab report · {{lab}}</p>
        <h1>{{title}}</h1>
        <p class="who">{{#hasStudent}}<strong>{{student}}</strong> · {{/hasStudent}}{{when}}</p>
        </header>
        <section class="result is-{{outcome}}" aria-labelledby="result">
        <h2 id="result"><span class="mark" aria-hidden="true">{{mark}}</span> {{headline}}</h2>
        <div class="strip" role="group" aria-label="Every check, in order">{{#pieces}}<a class="is-{{outcome}}" href="{{link}}" title="{{label}}" aria-label="{{label}}"></a>{{/pieces}}</div>
        <dl class="figures">
        <div><dt>Points</dt><dd>{{points}}</dd></div>
        <div><dt>Time</dt><dd>{{time}}</dd></div>
        </dl>
        <p class="next"><strong>Next</strong> {{next}}</p>
        {{#isHandsOn}}<p class="remark">This lab gives credit for what the student does by hand; what the runner did reads “demonstrated”.</p>{{/isHandsOn}}
        </section>
        {{#hasFindings}}
        <section class="findings" aria-labelledby="findings">
        <h2 id="findings">The judge noticed something about the evidence</h2>
        <ul>{{#findings}}<li>{{.}}</li>{{/findings}}</ul>
        </section>
        {{/hasFindings}}
        <div class="columns">
        <nav aria-label="Steps">
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
        <h2>Where this comes from</h2>
        <p>Verdicts are recomputed from the evidence in the run folder, not believed. To judge it again: <code>{{again}}</code></p>
        <dl class="facts">{{#provenance}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/provenance}}</dl>
        {{#hasVariables}}<h3>Variables</h3><dl class="facts">{{#variables}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/variables}}</dl>{{/hasVariables}}
        {{#hasCapabilities}}<h3>This machine</h3><dl class="facts">{{#capabilities}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/capabilities}}</dl>{{/hasCapabilities}}
        </footer>
        </body>
        </html>

        """

    static let step = """
        <article id="{{anchor}}" class="step is-{{outcome}}">
        <h3><span class="mark" aria-hidden="true">{{mark}}</span><span class="name">{{title}}</span><span class="sr">, {{label}}</span>{{#hasPoints}}<span class="score">{{points}}<span class="sr"> points</span></span>{{/hasPoints}}</h3>
        <p class="meta">{{label}} · {{meta}}</p>
        {{#hasReason}}<p class="reason">{{{reason}}}</p>{{/hasReason}}
        {{#hasTask}}<div class="task">{{{task}}}</div>{{/hasTask}}
        {{#hasExplain}}<div class="explain">{{{explain}}}</div>{{/hasExplain}}
        {{#hasByHand}}
        <h4>By hand</h4>
        <dl class="commands">{{#byHand}}<div><dt>{{tool}}</dt><dd><pre><code>{{command}}</code></pre></dd></div>{{/byHand}}</dl>
        {{/hasByHand}}
        {{#hasNotes}}
        <h4>What was seen</h4>
        <ul class="seen">{{#notes}}<li>{{{.}}}</li>{{/notes}}</ul>
        {{/hasNotes}}
        {{#hasChecks}}
        <h4>Checks</h4>
        {{#checks}}
        {{> check}}
        {{/checks}}
        {{/hasChecks}}
        {{#hasHints}}{{#hints}}<details class="hint"><summary>{{name}}</summary><p>{{{text}}}</p></details>{{/hints}}{{/hasHints}}
        {{#hasResults}}<details class="more"><summary>Results other steps may use</summary><dl class="facts">{{#results}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/results}}</dl></details>{{/hasResults}}
        {{#hasEvidence}}<p class="evidence"><span class="lead">Evidence</span> {{#evidence}}{{#isLinked}}<a href="{{link}}">{{name}}</a>{{/isLinked}}{{^isLinked}}<code>{{name}}</code>{{/isLinked}} {{/evidence}}</p>{{/hasEvidence}}
        </article>

        """

    static let check = """
        <details class="check is-{{outcome}}"{{#isOpen}} open{{/isOpen}}>
        <summary><span class="mark" aria-hidden="true">{{mark}}</span><span class="sr">{{label}}: </span><span class="name">{{name}}</span> <code class="question">{{question}}</code>{{#hasPoints}}<span class="score">{{points}}<span class="sr"> points</span></span>{{/hasPoints}}</summary>
        <div class="inside">
        {{#hasReason}}<p class="reason">{{{reason}}}</p>{{/hasReason}}
        {{#hasSides}}<dl class="sides">{{#sides}}<div class="{{quality}}"><dt>{{label}}</dt><dd><code>{{text}}</code></dd></div>{{/sides}}</dl>{{/hasSides}}
        {{#hasDrawing}}<pre class="source" tabindex="0" aria-label="The check in the lab file">{{drawing}}</pre>{{/hasDrawing}}
        <p class="about">{{polarity}} at {{source}}{{#hasLooked}} · {{looked}}{{/hasLooked}} · {{provenance}}</p>
        </div>
        </details>

        """
}
