extension Reason {
    package var spanish: String {
        switch self {
        case .notSelected: "no seleccionado"
        case .nobodyDidIt: "nadie ha hecho este paso"
        case .waitingOnFailed(let step, let because): "a la espera de `\(step)`: \(because)"
        case .waitingOnSkipped(let step, let status):
            switch status {
            case .notOffered: "a la espera de `\(step)`, que no se ofrece aquí"
            case .blocked: "a la espera de `\(step)`, que a su vez quedó bloqueado"
            case .done, .failed, .notDone: "a la espera de `\(step)`, que no se ha hecho"
            }
        case .notTaken(let condition): "aquí no se cumple `\(condition)`"
        case .nobodyAnswered: "nadie ha respondido a la pregunta"
        case .nothingHandedIn(let path): "no se ha entregado ningún archivo `\(path)`"
        case .notTold: "la práctica no dice qué se pregunta aquí"
        case .notInstalled(let program): "`\(program)` no está instalado aquí"
        case .machineFailed(let message): "tu máquina no pudo llevar a cabo el paso: \(message)"
        case .noValue(let reference): "`$\(reference)` no tiene valor: el paso que lo proporciona no salió bien"
        case .mustNotHappen: "esto no debe ocurrir, y ha ocurrido"
        case .noControl: "una ausencia no significa nada sin un control"
        case .awaitsControl(let check): "a la espera de su control, `\(check)`"
        case .controlDidNotPass(let check):
            "no se vio nada, pero su control `\(check)` tampoco se superó, así que eso no dice nada"
        case .nothingSeen(let table, let summary): "no se vio ninguna fila de `\(table)` (\(summary))"
        case .doesNotHold(let relation, let found): "`\(relation)` no se cumple: \(Found(found).spanish)"
        case .noneFits(let rows):
            rows == 1 ? "la única fila no encaja" : "de \(rows) filas no encaja ninguna"
        case .recordChanged: "el registro de esta ejecución se modificó después de terminar"
        case .evidenceChanged(let path): "se apoya en \(path), que se modificó después de la ejecución"
        }
    }
}
