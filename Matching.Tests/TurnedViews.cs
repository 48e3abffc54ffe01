using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests;

/// <summary>
/// Records of prints turned by quarters of a turn, as a scanner held the other way round would make them; codes of eyes
/// upside down.
/// </summary>
internal static class TurnedViews
{
    /// <summary>The view turned counter-clockwise.</summary>
    public static FingerView Of(FingerView view, int quarters)
    {
        FingerView turned = view;
        for (int i = 0; i < quarters; i++)
        {
            turned = Once(turned);
        }

        return turned;
    }

    /// <summary>The code with its columns turned by half a turn.</summary>
    public static IrisCode UpsideDown(IrisCode code)
    {
        int half = code.Shape.Columns / 2 * code.Shape.BitsPerColumn;
        return code with { Code = Shifted(code.Code.ToArray(), half), Mask = Shifted(code.Mask.ToArray(), half) };
    }

    private static ulong[] Shifted(ulong[] words, int bits)
    {
        ulong[] shifted = new ulong[words.Length];
        for (int from = 0; from < words.Length * 64; from++)
        {
            int to = (from + bits) % (words.Length * 64);
            shifted[to / 64] |= ((words[from / 64] >> (from % 64)) & 1) << (to % 64);
        }

        return shifted;
    }

    private static FingerView Once(FingerView view) => view with
    {
        Width = view.Height,
        Height = view.Width,
        ResolutionX = view.ResolutionY,
        ResolutionY = view.ResolutionX,
        Minutiae = [.. view.Minutiae.Select(minutia => minutia with
        {
            X = minutia.Y,
            Y = (ushort)Math.Max(0, view.Width - 1 - minutia.X),
            Angle = (ushort)(minutia.Angle + 16384),
        })],
    };
}
