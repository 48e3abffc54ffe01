using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Tests.Feeds;

/// <summary>What somebody knows who follows a gallery's log from its beginning.</summary>
internal sealed class FeedReplica(string gallery, FeedKey key)
{
    private readonly SortedDictionary<(string, string), Guid> held = [];

    public string Gallery => gallery;

    public long Last { get; private set; }

    public GalleryState State { get; private set; }

    /// <summary>Changes that stated the state which this replica has.</summary>
    public int Proved { get; private set; }

    public IEnumerable<(string PersonId, string EncounterId)> Held => held.Keys;

    public void Follow(ChangePage page)
    {
        Assert.False(page.Lacks(Last), $"after {Last} the log has {page.Position}");
        foreach (Change change in page.Changes)
        {
            Assert.Equal(Last + 1, change.Sequence);
            Last = change.Sequence;
            (string, string) id = (change.PersonId, change.EncounterId);
            bool isHere = held.TryGetValue(id, out Guid record);
            Assert.Equal(change.Kind != ChangeKind.Added, isHere);
            if (isHere)
            {
                State -= new GalleryState(key.Of(change.PersonId, change.EncounterId, record), 1);
                held.Remove(id);
            }

            if (change.IsGone)
            {
                Assert.Equal(record, change.RecordId);
            }
            else
            {
                State += new GalleryState(key.Of(change.PersonId, change.EncounterId, change.RecordId), 1);
                held.Add(id, change.RecordId);
            }

            if (change.State is { } stated)
            {
                Assert.Equal(stated, State);
                Proved++;
            }
        }
    }

    /// <summary>What the gallery really holds.</summary>
    public async Task AssertHoldsAsync(EncounterRoot root, SearchBudget budget)
    {
        ReadAnswer found = await root.ReadGalleryAsync(gallery, 0, 1000, budget);
        Assert.Equal(
            found.Members.Select(member => (member.PersonId, member.EncounterId)).Order(),
            held.Keys.Order());
        foreach (GalleryMember member in found.Members)
        {
            ReadAnswer person = await root.ReadPersonAsync(member.PersonId, budget);
            Assert.Equal(
                held[(member.PersonId, member.EncounterId)],
                person.Encounters.Single(one => one.EncounterId == member.EncounterId).RecordId);
        }
    }
}
