import LabModel
import LabSteps
import SupportDiagnostics
import Testing

@Suite("The key file") struct KeyTests {
    static let hidden = """
        checks:
          visit:
            expect:
              chain: { is: lab.tls.root.sha256 == $start.ca.sha256, points: 2 }
              proxied: lab.http.proxy == $start
            forbid:
              straight: { is: lab.flow.status == 500, control: visit.page }
        """

    @Test("hidden checks are checks of their step, marked, with their own place and points on top")
    func hiddenChecks() throws {
        let loaded = SmallLab.keyed(Self.hidden).load()
        #expect(loaded.problems.map(\.message) == [])
        let lab = try #require(loaded.lab)
        let visit = try #require(lab.step("visit"))
        #expect(visit.checks.filter { !$0.isHidden }.map(\.name) == ["page", "body"])
        #expect(visit.checks.filter(\.isHidden).map(\.name) == ["chain", "proxied", "straight"])
        #expect(visit.checks.map(\.points) == [2, 2, 2, 1, 1])
        #expect(
            visit.checks.filter(\.isHidden).map { "\($0.span.file.name):\($0.span.start)" }.first
                == "small.key.yml:6:20")
        #expect(lab.withoutKey.steps.flatMap(\.checks).map(\.name) == ["listening", "page", "body"])
        let plain = try #require(SmallLab().load().lab)
        #expect(LabDigests.judging(of: lab.withoutKey) == LabDigests.judging(of: plain))
        #expect(LabDigests.judging(of: lab) != LabDigests.judging(of: plain))
    }

    @Test(
        "mistakes are told where they stand",
        arguments: [
            ("lab: other\n", "key.other-lab"),
            ("checks: { vist: { expect: { a: lab.http.code == 1 } } }", "key.unknown-step"),
            ("checks: { visit: { expect: { page: lab.http.code == 1 } } }", "check.duplicate-name"),
            ("checks: { visit: { expect: { a: lab.htp.code == 1 } } }", "question.unknown-field"),
            ("answers: { visit: 3 }", "key.no-question"), ("answers: { visti: 3 }", "key.unknown-step"),
            ("rubric: { nowhere: [{ text: a, points: 1 }] }", "key.unknown-step"), ("wrogn: {}", "field.unknown"),
        ])
    func mistakes(line: String, code: String) {
        let lab =
            line.hasPrefix("lab:")
            ? SmallLab(key: "format: 1\n" + line) : SmallLab.keyed(line)
        let found = lab.load().problems
        #expect(found.map(\.code) == [code])
        #expect(found.first?.primary?.span.file.name == "small.key.yml")
    }

    @Test(
        "mistakes in wrong runs are told where they stand",
        arguments: [
            ("change: { steps: { visit: { via: none } } }, fails: [visit.page, visit.pgae]", "key.unknown-check"),
            ("change: { steps: { visti: { via: none } } }, fails: [visit.page]", "key.unknown-step"),
            ("change: { steps: { visit: { vai: none } } }, fails: [visit.page]", "field.unknown"),
            ("change: { steps: { visit: { url: 'https://$site/' } } }, fails: [visit.page]", "key.changes-nothing"),
            ("change: { steps: { visit: { version: auto } } }, fails: [visit.page]", "key.changes-nothing"),
            ("change: { vars: { sight: a } }, fails: [visit.page]", "key.unknown-variable"),
            ("change: { skip: [visit] }, fails: [visit.page]", "key.fails-skipped"),
            ("change: { steps: { visit: { url: null } } }, fails: [visit.page]", "key.broken-lab"),
            ("change: { evidence: { start.keylgo: empty } }, fails: [visit.page]", "key.unknown-result"),
            ("change: { evidence: { start.keylog: gone } }, fails: [visit.page]", "key.evidence"),
            ("change: { move: { visit: { onto: start } } }, fails: [visit.page]", "key.place"),
            (
                "change: { insert: [{ before: visit, steps: [{ id: a, wait: 80, expect: { a: frame } }] }] }, "
                    + "fails: [visit.page]", "key.inserted-check"
            ),
            ("change: { insert: [{ before: visit, steps: [{ wait: 80 }] }] }, fails: [visit.page]", "key.inserted-id"),
            ("change: { steps: { visit: { via: none } } }, fails: []", "key.fails-nothing"),
        ])
    func wrongRuns(line: String, code: String) {
        let lab = SmallLab.keyed("wrong:\n  run: { because: why, \(line) }\n")
        let found = lab.load().problems
        #expect(found.map(\.code).contains(code), "\(found.map(\.message))")
        #expect(found.allSatisfy { $0.primary?.span.file.name == "small.key.yml" })
    }

    @Test("all problems of a key are told in one pass, beside those of the lab")
    func onePass() {
        var lab = SmallLab.keyed(
            """
            checks: { nobody: { expect: { a: lab.http.code == 1 } } }
            wrong:
              one: { because: a, change: { skip: [nobody] }, fails: [visit.page] }
              two: { because: a, change: { skip: [start] }, fails: [visit.nothing] }
            """)
        lab.lab += "\n- id: broken\n  title: x\n  wiat: 80\n"
        #expect(
            Set(lab.load().problems.map(\.code)) == [
                "key.unknown-step", "key.unknown-check", "step.unknown-kind",
            ])
    }

    @Test("a change reaches plans, order, further steps and the world, and never a check")
    func edits() throws {
        let lab = SmallLab.keyed(
            """
            wrong:
              all:
                because: everything at once
                change:
                  steps: { visit: { via: none }, start: { keylog: null } }
                  insert:
                  - { before: start, steps: [{ id: first, title: First, wait: 80 }] }
                fails: [visit.page]
            """)
        let loaded = lab.load()
        #expect(loaded.problems.map(\.message) == [])
        let base = try #require(loaded.lab)
        let run = try #require(base.key?.wrongRun("all"))
        let changed = try #require(lab.load(edits: run.change.edits(of: base, catalogue: StepCatalog.schemas)).lab)
        #expect(changed.steps.map(\.id) == ["first", "start", "visit"])
        #expect(changed.step("start")?.plan["keylog"] == nil)
        #expect(try changed.step("visit")?.plan["via"]?.resolve([:]) == .string("none"))
        #expect(changed.step("visit")?.checks.map(\.text) == base.step("visit")?.checks.map(\.text))
    }

    @Test("a router that is gone takes its links with it, and a link can go alone")
    func worlds() throws {
        let world = """
            world:
              networks: { a: { prefix: 198.51.100.0/24, router: r1 }, b: { prefix: 203.0.113.0/24, router: r3 } }
              routers: [r1, r2, r3]
              links:
              - { between: [r1, r2], delay: 1ms }
              - { between: [r2, r3], delay: 1ms }
              - { between: [r1, r3], delay: 9ms }
              hosts: { h: { network: a, address: 198.51.100.10 } }
            at: h
            steps:
            """
        let lab = SmallLab.keyed(
            """
            wrong:
              router: { because: a, change: { world: { routers: { r2: null } } }, fails: [visit.page] }
              link: { because: a, change: { world: { links: { r3-r1: null } } }, fails: [visit.page] }
              dead: { because: a, change: { world: { hosts: { h: { address: 198.51.100.11 } } } }, fails: [visit.page] }
            """, lab: SmallLab.text.replacing("steps:", with: world))
        let loaded = lab.load()
        #expect(loaded.problems.map(\.message) == [])
        let base = try #require(loaded.lab)
        func changed(_ name: String) throws -> WorldDefinition {
            let run = try #require(base.key?.wrongRun(name))
            return try #require(
                lab.load(edits: run.change.edits(of: base, catalogue: StepCatalog.schemas)).lab?.world)
        }
        #expect(try changed("router").routers.map(\.name) == ["r1", "r3"])
        #expect(try changed("router").links.map(\.to) == ["r3"])
        #expect(try changed("link").links.map(\.to) == ["r2", "r3"])
        #expect(try changed("dead").hosts.map(\.address) == ["198.51.100.11"])
    }

    @Test("a router with something special about it takes its links with it, too")
    func namedRouters() throws {
        let world = """
            world:
              networks: { a: { prefix: 198.51.100.0/24, router: r1 }, b: { prefix: 203.0.113.0/24, router: r3 } }
              routers: { r1: , r2: { silent: true }, r3: }
              links:
              - { between: [r1, r2], delay: 1ms }
              - { between: [r2, r3], delay: 1ms }
              - { between: [r1, r3], delay: 9ms }
              hosts: { h: { network: a, address: 198.51.100.10 } }
            at: h
            steps:
            """
        let lab = SmallLab.keyed(
            "wrong: { router: { because: a, change: { world: { routers: { r2: null } } }, fails: [visit.page] } }",
            lab: SmallLab.text.replacing("steps:", with: world))
        let loaded = lab.load()
        #expect(loaded.problems.map(\.message) == [])
        let base = try #require(loaded.lab)
        let run = try #require(base.key?.wrongRun("router"))
        let changed = try #require(
            lab.load(edits: run.change.edits(of: base, catalogue: StepCatalog.schemas)).lab?.world)
        #expect(changed.routers.map(\.name) == ["r1", "r3"])
        #expect(changed.links.map(\.to) == ["r3"])
    }
}
