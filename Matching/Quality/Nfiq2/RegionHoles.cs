namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>Closes the holes of a mask of 0 (region) and 255, and drops all parts of the region but one.</summary>
internal sealed class RegionHoles(int width, int height)
{
    private const byte Inside = 0;
    private const byte Outside = 255;

    /// <summary>Makes every white part that does not reach the edge of the picture region.</summary>
    public void CloseAll(Span<byte> mask)
    {
        MaskParts white = MaskParts.Of(mask, width, height, Outside, reachesDiagonally: false);
        white.Set(mask, part => part.TouchesEdge(width, height) ? null : Inside);
    }

    /// <summary>
    /// What NFIQ 2 up to 2.2 does: it lists the outlines of the white parts from the last found to the first, each
    /// followed by those of the black parts inside it, and makes everything within each outline region but the two
    /// last ones. Where the background is one part with one region in it, that changes nothing.
    /// </summary>
    public void CloseByOrder(Span<byte> mask)
    {
        MaskParts white = MaskParts.Of(mask, width, height, Outside, reachesDiagonally: true);
        MaskParts black = MaskParts.Of(mask, width, height, Inside, reachesDiagonally: false);
        List<(MaskPart Part, bool IsHole)> outlines = [];
        foreach (MaskPart part in white.All.Reverse())
        {
            outlines.Add((part, false));
            outlines.AddRange(black.All.Reverse()
                .Where(hole => !hole.TouchesEdge(width, height) && white.At(hole.First - 1) == part.Number)
                .Select(hole => (hole, true)));
        }

        if (outlines.Count <= 2)
        {
            return;
        }

        foreach ((MaskPart part, bool isHole) in outlines.SkipLast(2))
        {
            if (isHole)
            {
                CloseHole(mask, white, black, part);
            }
            else
            {
                white.Set(mask, it => it.Number == part.Number ? Inside : null);
            }
        }
    }

    /// <summary>Makes all parts of the region background but the first one with the largest frame.</summary>
    public void KeepLargest(Span<byte> mask)
    {
        MaskParts black = MaskParts.Of(mask, width, height, Inside, reachesDiagonally: false);
        MaskPart? largest = black.All.MaxBy(part => part.FrameArea);
        black.Set(mask, part => part.Number == largest?.Number ? null : Outside);
    }

    /// <summary>
    /// The outline of a hole runs on the white pixels beside it: these become region, and all that lies within.
    /// </summary>
    private void CloseHole(Span<byte> mask, MaskParts white, MaskParts black, MaskPart hole)
    {
        for (int at = 0; at < mask.Length; at++)
        {
            if (black.At(at) != hole.Number)
            {
                continue;
            }

            // A hole does not touch the edge, so that all four neighbours exist.
            foreach (int other in (ReadOnlySpan<int>)[at - 1, at + 1, at - width, at + width])
            {
                mask[other] = Inside;
            }
        }

        white.Set(mask, part => part.Number != white.At(hole.First - 1) && part.IsWithin(hole) ? Inside : null);
    }
}
