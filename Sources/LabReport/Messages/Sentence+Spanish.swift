internal import LabModel

extension Sentence {
    var spanish: String {
        switch self {
        case .steps(let count): Plural.count(count, "paso", "pasos")
        case .points(let points): "\(points) \(points == "1" ? "punto" : "puntos")"
        case .pointsOf(let points, let most, let isOne): "\(points) de \(most) \(isOne ? "punto" : "puntos")"
        case .pending(let points): "\(points) \(points == "1" ? "pendiente" : "pendientes")"
        case .waited(let total, let waited): "\(total), de los cuales la práctica pidió esperar \(waited)"
        case .allPassed(let count): "Superadas las \(count) comprobaciones"
        case .somePassed(let passed, let all):
            "\(Plural.form(passed, "Superada", "Superadas")) \(passed) de \(Plural.count(all, "comprobación", "comprobaciones"))"
        case .countFailed(let count): Plural.count(count, "fallida", "fallidas")
        case .countWaiting(let count): "\(count) a la espera de un paso anterior"
        case .countUnchecked(let count):
            "\(count) que no se \(Plural.form(count, "pudo", "pudieron")) comprobar aquí"
        case .countNotDone(let count): "\(count) sin hacer"
        case .optionalNotOffered(let count):
            "\(Plural.count(count, "paso opcional no se ofrece", "pasos opcionales no se ofrecen")) aquí"
        case .optionalSteps(let count): Plural.count(count, "paso opcional", "pasos opcionales")
        case .judgedLater(let count, let names):
            "\(Plural.count(count, "comprobación se evalúa", "comprobaciones se evalúan")) más tarde, junto a "
                + names.joined(separator: " y ")
        case .moreNotes(let count): "… y \(count) más en el informe"
        case .noRows(let table): "no había ninguna fila de \(table) que mirar"
        case .oneRow(let table): "se miró la única fila de \(table) que había"
        case .rows(let count, let table): "se miraron \(count) filas de \(table)"
        case .rowsNearest(let count, let table): "se miraron \(count) filas de \(table); esta es la más parecida"
        case .lookInto(let finding): "Investiga lo que ha notado el evaluador: \(finding)"
        case .readWhy(let step): "Vuelve a «\(step)» (lee por qué falló) y ejecuta la práctica otra vez."
        case .readHint(let step): "Vuelve a «\(step)» (lee su pista) y ejecuta la práctica otra vez."
        case .makePossible(let step):
            "Haz que «\(step)» sea posible en esta máquina (mira el motivo) y ejecuta la práctica otra vez."
        case .doStep(let step): "Haz «\(step)» y ejecuta la práctica otra vez."
        case .findOutWaiting(let step): "Averigua a qué espera «\(step)»."
        case .student(let name): "estudiante \(name)"
        case .seed(let seed): "semilla \(seed)"
        case .checkFailed(let name, let points):
            "comprobación \(name) fallida\(points.isEmpty ? "" : ", \(points)")"
        case .cutShort(let count): "… (\(Plural.count(count, "carácter", "caracteres")) más)"
        case .kindOnHost(let kind, let host): "\(kind) en \(host)"
        case .ofItWaited(let duration): "de ellos, \(duration) de espera pedida"
        case .session(let start, let end, let byStudent):
            "de \(start) a \(end), por el \(byStudent ? "estudiante" : "ejecutor")"
        case .chain(let events, let head): "\(Plural.count(events, "evento", "eventos")), el último \(head)"
        case .hint(let number): number == 0 ? "Pista" : "Pista \(number)"
        case .date(let time): time.long(months: Self.spanishMonths) { "\($0) de \($1) de \($2)" }
        }
    }

    private static let spanishMonths = [
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ]
}
