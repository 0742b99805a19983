@main
struct Gatescope { static func main() {} }
