using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.Scatter.MoveWorld;

namespace MatchCluster.Matching.Tests.Scatter;

/// <summary>
/// Moves cut off after every single append, as by a power failure: after the next start every encounter is with one
/// person, acked changes hold, and the one that was cut off happened or did not.
/// </summary>
public sealed class MoveCrashTests
{
    public static TheoryData<string> Sequences => new(Named.Keys);

    private static Dictionary<string, Change[]> Named { get; } = new()
    {
        ["there, back and there again"] =
            [new Change.Move(B, A, "a1"), new Change.Move(A, B, "a1"), new Change.Move(B, A, "a1")],
        ["back, there and back again"] =
            [new Change.Move(A, B, "b"), new Change.Move(C, A, "b"), new Change.Move(A, C, "b")],
        ["a ring"] =
            [new Change.Move(B, A, "a1"), new Change.Move(C, B, "a1"), new Change.Move(A, C, "a1"),
                new Change.Move(B, A, "a1")],
        ["a ring the other way"] =
            [new Change.Move(C, A, "a1"), new Change.Move(B, C, "a1"), new Change.Move(A, B, "a1")],
        ["a ring of merges"] = [new Change.Merge(B, A), new Change.Merge(C, B), new Change.Merge(D, C)],
        ["merged and moved back one by one"] =
            [new Change.Merge(B, A), new Change.Move(D, B, "a1"), new Change.Move(D, B, "a2"),
                new Change.Merge(B, D)],
        ["moved, changed, moved back"] =
            [new Change.Move(B, A, "a1"), new Change.Status(B, "a1"), new Change.Move(A, B, "a1")],
        ["moved, target deleted"] = [new Change.Move(B, A, "a1"), new Change.Delete(B)],
        ["beside each other on one partition"] =
            [new Change.Move(D, A, "a1"), new Change.Move(A, D, "a1"), new Change.Merge(A, D)],
        ["to nobody"] = [new Change.Merge(B, C), new Change.Merge(C, A), new Change.Move(C, B, "b")],
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public async Task Cut_after_any_append_nothing_is_lost_or_held_twice(string name)
    {
        int cut = 0;
        while (!await RunAsync(Named[name], cut))
        {
            cut++;
        }

        Assert.True(cut > 1, $"{name}: only {cut} appends");
    }

    /// <returns>Whether every change was done before the cut.</returns>
    private static async Task<bool> RunAsync(Change[] changes, int cut)
    {
        await using MoveWorld world = await OpenAsync();
        int left = cut;
        world.Store.OnAppend = () => left-- > 0 ? null
            : new AppendResult(AppendOutcome.Failed, Outage: new Outage("the power is off", MayRetry: false));
        PlainPeople before = new(Start);
        PlainPeople after = before;
        bool isCut = false;
        foreach (Change change in changes)
        {
            WriteResult result = await world.DoAsync(change);
            after = before.Copy();
            bool applies = after.Apply(change);
            isCut = left < 0;
            if (isCut && !result.IsApplied)
            {
                break;
            }

            Assert.Equal(applies, result.IsApplied);
            before = after;
            if (isCut)
            {
                break;
            }
        }

        await world.ReopenAsync();
        string found = await world.SettledAsync();
        Assert.True(
            found == before.ToString() || (isCut && found == after.ToString()),
            $"cut after {cut} appends: found {found}, wanted {before} or {after}");
        return !isCut;
    }
}
