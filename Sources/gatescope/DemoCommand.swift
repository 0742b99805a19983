import ArgumentParser
import Demos
import Inspector
import ModelFiles
import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Open a demo; without a name, list them.")

  @Argument(help: "The demo's name.")
  var name: String?

  @OptionGroup(title: "Screen") var screen: ScreenOptions

  func run() throws {
    let catalog = try DemoCatalog(environment: Process.environment, executable: Process.executable)
    guard let name else {
      try list(catalog)
      return
    }
    let demo = try catalog.demo(named: name)
    let model = try ModelReader.read(path: demo.modelPath)
    guard let vocabulary = model.vocabulary else {
      throw InputError.noVocabulary(model: demo.modelPath)
    }
    let tokens: [Int]
    do {
      tokens = try vocabulary.tokens(of: demo.text)
    } catch {
      throw InputError.unknownSymbol(source: demo.folder + "/demo.yml", error)
    }
    try ScreenSession(model: model, input: .tokens(tokens), name: name, title: demo.title)
      .run(screen)
  }

  private func list(_ catalog: DemoCatalog) throws {
    let names = catalog.names
    let width = names.map(\.count).max() ?? 0
    print("The demos; open one with `gatescope demo NAME`:\n")
    for name in names {
      let demo = try catalog.demo(named: name)
      print("  " + name + String(repeating: " ", count: width - name.count) + "  " + demo.summary)
    }
  }
}
