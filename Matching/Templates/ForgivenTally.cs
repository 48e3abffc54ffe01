using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>What was forgiven so far in one record: each kind once, with how often and where first.</summary>
internal sealed class ForgivenTally
{
    private readonly List<Forgiven> kinds = [];

    public IReadOnlyList<Forgiven> Kinds => kinds;

    public void Add(ForgivenKind kind, long offset, long value)
    {
        int known = kinds.FindIndex(each => each.Kind == kind);
        if (known < 0)
        {
            kinds.Add(new Forgiven(kind, 1, offset, value));
        }
        else
        {
            kinds[known] = kinds[known] with { Times = kinds[known].Times + 1 };
        }
    }
}
