using System.Collections.Immutable;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Galleries;

/// <summary>
/// What a table holds, in numbers that every change keeps up to date: encounters, rows, members of each
/// gallery, and how many identities are alike in what they can be searched by. Not for several threads at
/// once; what <see cref="GallerySnapshot"/> takes from it never changes.
/// </summary>
internal sealed class GalleryCounts
{
    public long Encounters { get; private set; }

    public long FingerRows { get; private set; }

    public long IrisRows { get; private set; }

    /// <summary>Encounters of each gallery.</summary>
    public ImmutableDictionary<string, long> Galleries { get; private set; } = GallerySnapshot.Empty.Galleries;

    /// <summary>The state of each gallery.</summary>
    public ImmutableDictionary<string, StateHash> States { get; private set; } =
        ImmutableDictionary.Create<string, StateHash>(StringComparer.Ordinal);

    /// <summary>The state of all encounters.</summary>
    public StateHash State { get; private set; }

    /// <summary>Identities of each profile.</summary>
    public ImmutableDictionary<IdentityProfile, long> Profiles { get; private set; } = GallerySnapshot.Empty.Profiles;

    /// <summary>Counts the encounter of a slot in or out.</summary>
    /// <param name="slot">Its slot.</param>
    /// <param name="change">1 or -1.</param>
    /// <param name="galleries">The galleries it is in.</param>
    public void Count(SlotRef slot, int change, IEnumerable<string> galleries)
    {
        (int first, int end) = slot.Segment.RowsOf(slot.Slot);
        for (int row = first; row < end; row++)
        {
            switch (slot.Segment.PositionOf(row).Modality)
            {
                case Modality.Finger:
                    FingerRows += change;
                    break;
                case Modality.Iris:
                    IrisRows += change;
                    break;
                case var other:
                    throw new InvalidOperationException($"no rows of {other} are counted");
            }
        }

        Encounters += change;
        foreach (string gallery in galleries)
        {
            long count = Galleries.GetValueOrDefault(gallery) + change;
            Galleries = count == 0 ? Galleries.Remove(gallery) : Galleries.SetItem(gallery, count);
        }
    }

    /// <summary>Adds an encounter to the state of its galleries.</summary>
    /// <param name="part">Its part; the negative one takes it away.</param>
    /// <param name="galleries">The galleries it is in.</param>
    public void Add(StateHash part, IEnumerable<string> galleries)
    {
        State += part;
        foreach (string gallery in galleries)
        {
            StateHash state = States.GetValueOrDefault(gallery) + part;
            States = state == default ? States.Remove(gallery) : States.SetItem(gallery, state);
        }
    }

    /// <summary>Counts a person by its encounters as they are now.</summary>
    public void Profile(Identity person)
    {
        IdentityProfile? now = IdentityProfile.Of(person.Slots);
        IdentityProfile? before = person.Profile;
        if (now == before)
        {
            return;
        }

        if (before is not null)
        {
            long left = Profiles[before] - 1;
            Profiles = left == 0 ? Profiles.Remove(before) : Profiles.SetItem(before, left);
        }

        if (now is not null)
        {
            // One object for all who are alike.
            now = Profiles.TryGetKey(now, out IdentityProfile? known) ? known : now;
            Profiles = Profiles.SetItem(now, Profiles.GetValueOrDefault(now) + 1);
        }

        person.Profile = now;
    }
}
