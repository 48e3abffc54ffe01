using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Scores;

/// <summary>
/// The places on the body that a probe's samples are of. Two captures of one finger agree by chance together,
/// so they are not two independent comparisons: a place counts once in a fused score.
/// </summary>
/// <remarks>
/// A labelled finger or eye is the place its label says. Samples without a label may all be of one finger, so they
/// are one place together. One template under several labels is one print: its places are one.
/// </remarks>
internal sealed class ProbePlaces
{
    private readonly int[] places;
    private readonly BiometricPosition[] positions;

    private ProbePlaces(int[] places, BiometricPosition[] positions)
    {
        this.places = places;
        this.positions = positions;
        Count = places.Length == 0 ? 0 : places.Max() + 1;
    }

    /// <summary>Places of all samples; they are numbered from 0.</summary>
    public int Count { get; }

    /// <summary>The place of a sample.</summary>
    public int this[int sample] => places[sample];

    /// <summary>What a sample's label says.</summary>
    public BiometricPosition PositionOf(int sample) => positions[sample];

    /// <summary>Places of fingers, of irises, or of both.</summary>
    public int CountOf(bool fingers, bool irises)
    {
        HashSet<int> found = [];
        for (int sample = 0; sample < places.Length; sample++)
        {
            bool counts = positions[sample].Modality switch
            {
                Modality.Finger => fingers,
                Modality.Iris => irises,
            };
            if (counts)
            {
                found.Add(places[sample]);
            }
        }

        return found.Count;
    }

    public static ProbePlaces Of(IReadOnlyList<FingerProbe> fingers, IReadOnlyList<IrisProbe> irises)
    {
        BiometricPosition[] positions =
            [.. fingers.Select(finger => finger.Position), .. irises.Select(iris => iris.Position)];
        int[] labels = [.. positions.Select(position => (int)position.Code)];
        for (int i = 0; i < labels.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (labels[i] != labels[j] && AreSame(fingers, irises, i, j))
                {
                    (int from, int to) = (labels[i], labels[j]);
                    labels.AsSpan().Replace(from, to);
                }
            }
        }

        int[] distinct = [.. labels.Distinct()];
        return new ProbePlaces([.. labels.Select(label => Array.IndexOf(distinct, label))], positions);
    }

    /// <summary>Whether two samples are one template.</summary>
    public static bool AreSame(IReadOnlyList<FingerProbe> fingers, IReadOnlyList<IrisProbe> irises, int i, int j)
    {
        if (i < fingers.Count != j < fingers.Count)
        {
            return false;
        }

        return i < fingers.Count
            ? AreSame(fingers[i], fingers[j])
            : AreSame(irises[i - fingers.Count], irises[j - fingers.Count]);
    }

    /// <summary>Whether two fingers are one template; one that cannot be compared is no evidence of anything.</summary>
    public static bool AreSame(FingerProbe a, FingerProbe b) =>
        a.Template.IsComparable && FingerRow.AreSame(a.Template.Row, b.Template.Row);

    /// <summary>Whether two irises are one template.</summary>
    public static bool AreSame(IrisProbe a, IrisProbe b) =>
        a.Shape == b.Shape && a.Code.SequenceEqual(b.Code) && a.Mask.SequenceEqual(b.Mask);
}
