@main
struct Swarmd {
    static func main() {}
}
