using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Storage;

public sealed class RecordIdsTests
{
    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1969-12-31T23:59:59.999Z")]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("2026-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void Any_clock_makes_identities_that_differ(string now)
    {
        DateTimeOffset time = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => RecordIds.Next(time)).Distinct().Count());
    }
}
