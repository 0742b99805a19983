import CHDF5

/// Attributes that are one text.
enum HDF5Text {
  /// - Returns: nil where there is no such attribute, or it is no text.
  static func attribute(
    _ name: String, of object: hid_t, limit: Int
  ) throws(HDF5Problem) -> String? {
    guard H5Aexists(object, name) > 0 else { return nil }
    let attribute = H5Aopen(object, name, hid_t(H5P_DEFAULT))
    guard attribute >= 0 else { throw .unreadable(name) }
    defer { H5Aclose(attribute) }
    let type = H5Aget_type(attribute)
    let space = H5Aget_space(attribute)
    guard type >= 0, space >= 0 else { throw .unreadable(name) }
    defer {
      H5Tclose(type)
      H5Sclose(space)
    }
    guard H5Tget_class(type) == H5T_STRING, H5Sget_simple_extent_npoints(space) == 1 else {
      return nil
    }
    if H5Tis_variable_str(type) > 0 {
      var text: UnsafeMutablePointer<CChar>?
      guard H5Aread(attribute, type, &text) >= 0, let text else { throw .unreadable(name) }
      defer { H5free_memory(text) }
      return String(cString: text)
    }
    let size = H5Tget_size(type)
    guard size <= limit else { throw .unreadable(name) }
    var bytes = [UInt8](repeating: 0, count: size)
    guard H5Aread(attribute, type, &bytes) >= 0 else { throw .unreadable(name) }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
