using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Tests.Scatter;

/// <summary>The engine decides itself what is kept of items that nothing compares, whatever a door has read.</summary>
public sealed class OpaqueWriteTests
{
    [Theory]
    [InlineData(null, 3, "keeps none")]
    [InlineData(2, 3, "found 3 bytes of an item that is kept opaque, wanted at most 2")]
    [InlineData(3, 3, "found 6 bytes of items that are kept opaque, wanted at most 5 of an encounter")]
    [InlineData(5, 2, "only where records are encrypted")]
    public async Task What_may_not_be_kept_is_refused_and_not_lost(int? most, int length, string words)
    {
        await using MatchEngine engine = MatchEngine.Open(
            new MemoryGalleryStore(1), new MatchEngineOptions { Threads = 1 });
        await engine.Loaded;
        EncounterRoot root = new(
            engine, pictures: new NamedPictures([], most is { } bytes ? new OpaqueLimits(bytes, 5) : null));
        Encounter encounter = SomeEncounters.Sized("p", "e", 10) with
        {
            EncounterType = "t",
            Samples = [],
            Pictures = [.. Enumerable.Range(0, 2).Select(i => Picture.Opaque("FACE", new byte[length]))],
        };
        SearchBudget budget = SearchBudget.Of(TimeSpan.FromMinutes(1), default).For(Use.Internal);
        WriteResult result = Assert.Single(await root.ApplyAsync([new Write.Create(encounter)], budget));
        Assert.False(result.IsApplied);
        Assert.Contains(words, result.Refusal?.Reason ?? result.Outage!.Reason, StringComparison.Ordinal);
        Assert.Empty((await root.ReadPersonAsync("p", budget)).Encounters);
    }
}
