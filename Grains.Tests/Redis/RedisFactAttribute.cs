using MatchCluster.Benchmarks.Runner;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>A test with a real Redis; skipped where there is no redis-server on the PATH.</summary>
internal sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute()
    {
        if (!IsInstalled)
        {
            Skip = "no redis-server on the PATH of this machine";
        }
    }

    public static bool IsInstalled { get; } = ProgramProcess.Finds("redis-server");
}

/// <summary>A theory that is skipped where there is no Redis.</summary>
internal sealed class RedisTheoryAttribute : TheoryAttribute
{
    public RedisTheoryAttribute() => Skip = new RedisFactAttribute().Skip;
}

/// <summary>
/// Leaves out the inherited tests of a contract where there is no redis-server: they carry no attribute of
/// ours that could skip them. The <see cref="RedisFactAttribute"/> tests stay and say why.
/// </summary>
public sealed class RedisOnlyOrderer : ITestCaseOrderer
{
    public const string Name = "MatchCluster.Grains.Tests.Redis.RedisOnlyOrderer";

    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases)
        where TTestCase : ITestCase =>
        RedisFactAttribute.IsInstalled ? testCases : testCases.Where(test => test.SkipReason is not null);
}
