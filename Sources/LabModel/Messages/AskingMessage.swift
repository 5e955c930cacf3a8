/// What the runner says while it asks a student a question.
package enum AskingMessage: Message, Hashable {
    case pleaseChooseOne
    case pleaseChooseSeveral
    case pleaseNumber(unit: String)
    case pleaseSecret
    case howToLeave
    case noNumber(unit: String)
    case noOption(count: Int)
    case tooLong(bytes: Int)
    case empty
    case lastTry
    case onceMore
    case left

    package var english: String {
        switch self {
        case .pleaseChooseOne: "One of them, by its number:"
        case .pleaseChooseSeveral: "All that are right, by their numbers, such as 1, 2:"
        case .pleaseNumber(let unit): unit.isEmpty ? "A number:" : "A number, in \(unit):"
        case .pleaseSecret: "It is not shown while you type, and only its digest is kept."
        case .howToLeave: "(Ctrl-D on an empty line: no answer)"
        case .noNumber(let unit):
            unit.isEmpty
                ? "That is no number, such as 8 or 3.5." : "That is no number in \(unit), such as 8 or 3.5 \(unit)."
        case .noOption(let count): "That is none of the options: type a number from 1 to \(count)."
        case .tooLong(let bytes): "That is longer than the \(bytes) bytes that an answer may have."
        case .empty: "That is empty."
        case .lastTry: "The next answer is taken as it is."
        case .onceMore: "That did not pass. Once more:"
        case .left: "No answer."
        }
    }

    package var spanish: String {
        switch self {
        case .pleaseChooseOne: "Una de ellas, por su número:"
        case .pleaseChooseSeveral: "Todas las correctas, por sus números, por ejemplo 1, 2:"
        case .pleaseNumber(let unit): unit.isEmpty ? "Un número:" : "Un número, en \(unit):"
        case .pleaseSecret: "No se muestra mientras lo escribes, y solo se guarda su huella."
        case .howToLeave: "(Ctrl-D en una línea vacía: sin respuesta)"
        case .noNumber(let unit):
            unit.isEmpty
                ? "Eso no es un número, como 8 o 3,5." : "Eso no es un número en \(unit), como 8 o 3,5 \(unit)."
        case .noOption(let count): "Eso no es ninguna de las opciones: escribe un número del 1 al \(count)."
        case .tooLong(let bytes): "Eso ocupa más de los \(bytes) bytes que puede tener una respuesta."
        case .empty: "Eso está vacío."
        case .lastTry: "La próxima respuesta se toma tal como esté."
        case .onceMore: "Eso no se ha superado. Otra vez:"
        case .left: "Sin respuesta."
        }
    }
}
