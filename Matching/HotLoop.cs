using System.Runtime.CompilerServices;

namespace MatchCluster.Matching;

/// <summary>How the loops are compiled that searches spend their time in.</summary>
internal static class HotLoop
{
    /// <summary>
    /// For the method that holds such a loop: compiled for good when it is first called, and never into its caller.
    /// </summary>
    /// <remarks>
    /// The runtime compiles other methods quickly first, which makes vector code some 50 times slower, and well only
    /// after many calls: a first search would wait for that. And the compiler gives each method a budget of inlining.
    /// A loop that is inlined into a large caller may find it used up, so that its own small parts become calls, in one
    /// process and not in the next. As a root of its own it is the same code in each. What the runtime learns from
    /// running a method is not used for it, so it reads no static field and calls nothing through an interface.
    /// <c>HotLoopTests</c> read the machine code.
    /// </remarks>
    public const MethodImplOptions Root = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
}
