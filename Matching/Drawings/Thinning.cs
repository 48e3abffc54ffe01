namespace MatchCluster.Matching.Drawings;

/// <summary>
/// Thins what is set to lines of one pixel (T. Y. Zhang and C. Y. Suen, Communications of the ACM 27(3), 1984). The
/// extractor itself does not thin: it finds minutiae in the phase of the ridges. This is for people to look at.
/// </summary>
internal static class Thinning
{
    /// <summary>Rounds after which it ends in any case: ridges are some five pixels wide.</summary>
    private const int MostRounds = 24;

    /// <summary>Thins in place; the outermost pixels are cleared.</summary>
    /// <param name="set">Row by row.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    public static void Apply(bool[] set, int width, int height)
    {
        ClearEdge(set, width, height);
        List<int> gone = [];
        for (int round = 0; round < MostRounds; round++)
        {
            bool hasChanged = false;
            for (int pass = 0; pass < 2; pass++)
            {
                gone.Clear();
                for (int y = 1; y < height - 1; y++)
                {
                    for (int at = (y * width) + 1; at < ((y + 1) * width) - 1; at++)
                    {
                        if (set[at] && IsOuter(set, width, at, pass))
                        {
                            gone.Add(at);
                        }
                    }
                }

                gone.ForEach(at => set[at] = false);
                hasChanged |= gone.Count > 0;
            }

            if (!hasChanged)
            {
                return;
            }
        }
    }

    private static void ClearEdge(bool[] set, int width, int height)
    {
        set.AsSpan(0, width).Clear();
        set.AsSpan((height - 1) * width, width).Clear();
        for (int at = 0; at < set.Length; at += width)
        {
            set[at] = false;
            set[at + width - 1] = false;
        }
    }

    /// <summary>Whether a pixel lies at a side that this pass takes away, and no line ends or breaks there.</summary>
    private static bool IsOuter(bool[] set, int width, int at, int pass)
    {
        // Clockwise from the pixel above.
        ReadOnlySpan<int> steps = [-width, 1 - width, 1, width + 1, width, width - 1, -1, -width - 1];
        int neighbours = 0;
        int changes = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            bool here = set[at + steps[i]];
            neighbours += here ? 1 : 0;
            changes += !here && set[at + steps[(i + 1) % steps.Length]] ? 1 : 0;
        }

        bool up = set[at - width];
        bool right = set[at + 1];
        bool down = set[at + width];
        bool left = set[at - 1];
        return neighbours is >= 2 and <= 6 && changes == 1
            && (pass == 0 ? !(right && down && (up || left)) : !(up && left && (right || down)));
    }
}
