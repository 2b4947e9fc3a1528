import FoundationEssentials
package import Primitives
import SwiftASN1
package import X509

extension Certificate {
    /// The certificate in PEM with the end of its last line, so that texts can follow each other.
    package var text: String {
        get throws(AuthorityError) {
            do { return try self.serializeAsPEM().pemString + "\n" } catch { throw .unmade("\(error)") }
        }
    }

    /// When it is valid.
    package var validity: Range<Timestamp> {
        Timestamp(self.notValidBefore)..<max(Timestamp(self.notValidBefore), Timestamp(self.notValidAfter))
    }
}

extension Date {
    init(_ moment: Timestamp) { self.init(timeIntervalSince1970: Double(moment.nanoseconds / 1_000_000_000)) }
}

extension Timestamp {
    init(_ date: Date) { self.init(seconds: Int64(date.timeIntervalSince1970.rounded())) }
}
