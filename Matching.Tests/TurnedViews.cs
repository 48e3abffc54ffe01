using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests;

/// <summary>
/// Records of prints turned by quarters of a turn, as a scanner held the other way round would make them.
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
