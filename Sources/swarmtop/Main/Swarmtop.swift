@main
struct Swarmtop {
    static func main() {}
}
