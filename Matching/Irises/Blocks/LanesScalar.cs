namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>Any CPU: 64 lanes in a machine word.</summary>
internal readonly unsafe struct LanesScalar : ILanes<ulong>
{
    public static bool IsSupported => true;

    public static ulong Ones => ulong.MaxValue;

    public static ulong Load(byte* from) => *(ulong*)from;

    public static void Store(byte* to, ulong value) => *(ulong*)to = value;

    public static ulong And(ulong a, ulong b) => a & b;

    public static ulong AndNot(ulong a, ulong b) => a & ~b;

    public static ulong Or(ulong a, ulong b) => a | b;

    public static ulong Xor(ulong a, ulong b) => a ^ b;

    public static ulong Sum(ulong a, ulong b, ulong c) => a ^ b ^ c;

    public static ulong Carry(ulong a, ulong b, ulong sum) => (a & b) | ((a ^ b) & ~sum);

    public static ulong Borrow(ulong limit, ulong value, ulong borrow) =>
        (value & borrow) | ((value | borrow) & ~limit);
}
