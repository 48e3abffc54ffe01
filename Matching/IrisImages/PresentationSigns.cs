namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// Signs that something else than a bare eye was before the camera. They are weak: their absence promises nothing, and
/// their presence is a reason to look and not a proof.
/// </summary>
/// <param name="GridDecibels">By how much a regular grid stands out of the picture's spectrum.</param>
/// <param name="RingStep">
/// Grey values by which the iris changes at one depth nearly all around, as at the edge of the print on a contact lens.
/// </param>
/// <param name="GlareShare">Percent of pupil and iris under reflections.</param>
public sealed record PresentationSigns(double GridDecibels, double RingStep, double GlareShare)
{
    private const double MostGrid = 13;
    private const double MostRing = 15;
    private const double MostGlare = 12;

    /// <summary>Rows to each side between which the iris must change.</summary>
    private const int Reach = 4;

    /// <summary>Share of the columns that must change alike.</summary>
    private const double AllAround = 0.9;

    /// <summary>What is noticed: a code and a sentence each.</summary>
    public IEnumerable<(string Code, string Sentence)> Warnings
    {
        get
        {
            if (GridDecibels > MostGrid)
            {
                yield return ("print-pattern", FormattableString.Invariant(
                    $"a regular grid as of a print or a screen (found {GridDecibels:0} dB, usual up to {MostGrid})"));
            }

            if (RingStep > MostRing)
            {
                yield return ("lens-pattern-possible", FormattableString.Invariant(
                    $"a sharp ring in the iris as of a printed contact lens (found a step of {RingStep:0} grey ")
                    + $"values, usual up to {MostRing})");
            }

            if (GlareShare > MostGlare)
            {
                yield return ("glare", FormattableString.Invariant(
                    $"reflections over {GlareShare:0} % of the eye as of glossy paper, a screen or glasses ")
                    + $"(usual up to {MostGlare} %)");
            }
        }
    }

    internal static PresentationSigns Of(EyeLevels levels, EyeSegmentation eye, PolarIris iris) =>
        new(GridPeaks.Of(levels, eye.Limbus), RingStepOf(iris), GlareOf(levels, eye.Limbus));

    private static double RingStepOf(PolarIris iris)
    {
        double best = 0;
        for (int row = Reach + 4; row + Reach < PolarIris.Rows * 4 / 5; row++)
        {
            (int up, int down, int count, double sum) = (0, 0, 0, 0);
            for (int column = 0; column < PolarIris.Columns; column++)
            {
                int rise = 0;
                bool isSeen = true;
                for (int d = 0; d < Reach && isSeen; d++)
                {
                    int outer = ((row + d) * PolarIris.Columns) + column;
                    int inner = ((row - 1 - d) * PolarIris.Columns) + column;
                    isSeen = iris.Visible[outer] && iris.Visible[inner];
                    rise += iris.Values[outer] - iris.Values[inner];
                }

                if (isSeen)
                {
                    count++;
                    sum += rise;
                    up += rise > 0 ? 1 : 0;
                    down += rise < 0 ? 1 : 0;
                }
            }

            if (3 * count > PolarIris.Columns && Math.Max(up, down) >= AllAround * count)
            {
                best = Math.Max(best, Math.Abs(sum) / (count * Reach * GrayPlane.Unit));
            }
        }

        return best;
    }

    private static double GlareOf(EyeLevels levels, EyeContour limbus)
    {
        (int marked, int all) = (0, 0);
        double step = limbus.Radius / 40;
        for (double y = -limbus.Radius; y <= limbus.Radius; y += step)
        {
            for (double x = -limbus.Radius; x <= limbus.Radius; x += step)
            {
                if ((x * x) + (y * y) <= limbus.Radius * limbus.Radius)
                {
                    all++;
                    marked += levels.Reflections.At(limbus.MiddleX + x, limbus.MiddleY + y) ? 1 : 0;
                }
            }
        }

        return 100.0 * marked / Math.Max(1, all);
    }
}
