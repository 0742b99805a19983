/// A column of a file. The numbers in what follows are those of parquet.thrift:
/// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
public struct ParquetField: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case int32
    case int64
    case float
    /// UTF-8.
    case text
    /// A list of Float32, or of Int32; no element is null.
    case floats
    case int32s
  }

  public let name: String
  public let kind: Kind
  /// Whether a row may have no value.
  public let isOptional: Bool

  public init(_ name: String, _ kind: Kind, isOptional: Bool = false) {
    self.name = name
    self.kind = kind
    self.isOptional = isOptional
  }

  var isList: Bool {
    switch kind {
    case .floats, .int32s: true
    case .int32, .int64, .float, .text: false
    }
  }

  /// Where its values stand: a list's in the group in the middle of three.
  var path: [String] { isList ? [name, "list", "element"] : [name] }

  /// `Type`: INT32, INT64, FLOAT, BYTE_ARRAY.
  var physicalType: Int {
    switch kind {
    case .int32, .int32s: 1
    case .int64: 2
    case .float, .floats: 4
    case .text: 6
    }
  }

  /// The definition level of a value that is there: one for every optional or repeated group on the way.
  var present: UInt8 { (isOptional ? 1 : 0) + (isList ? 1 : 0) }

  /// `SchemaElement`s, in the order of a walk through the tree.
  var elements: [(inout ThriftWriter) -> Void] {
    let repetition = isOptional ? 1 : 0
    guard isList else {
      return [{ element(&$0, name, repetition: repetition, type: physicalType) }]
    }
    return [
      {
        $0.structure { group in
          group.i32(3, repetition)
          group.text(4, name)
          group.i32(5, 1)  // children
          group.i32(6, 3)  // ConvertedType LIST, for old readers
          group.structure(10) { $0.structure(3) { _ in } }  // LogicalType LIST
        }
      },
      {
        $0.structure { group in
          group.i32(3, 2)  // REPEATED
          group.text(4, "list")
          group.i32(5, 1)
        }
      }, { element(&$0, "element", repetition: 0, type: physicalType) },
    ]
  }

  private func element(
    _ thrift: inout ThriftWriter, _ name: String, repetition: Int, type: Int
  ) {
    thrift.structure { element in
      element.i32(1, type)
      element.i32(3, repetition)
      element.text(4, name)
      if kind == .text {
        element.i32(6, 0)  // ConvertedType UTF8
        element.structure(10) { $0.structure(1) { _ in } }  // LogicalType STRING
      }
    }
  }
}
