using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Extraction.Slaps;

/// <summary>
/// Finds the fingers of a picture of several: ridges on a coarse grid, the common direction, tips with valleys between
/// them, and of each finger the box from its tip to the crease of the first joint. One segmenter serves one thread and
/// keeps its memory from picture to picture. Equal pictures give equal boxes on every machine.
/// </summary>
public sealed class SlapSegmenter
{
    private readonly StraightLines lines = new();
    private readonly RidgeEnergy energy = new();
    private readonly SlapMask mask = new();
    private readonly SlapDirection direction = new();
    private readonly TurnedGrid grid = new();
    private readonly SlapStrips strips = new();
    private readonly FingerOwners owners = new();
    private readonly FingerOutline outline = new();
    private readonly FingerCut cut;

    public SlapSegmenter() => cut = new FingerCut(energy, mask, owners);

    /// <summary>Cuts out the fingers of the last picture.</summary>
    internal FingerCut Cut => cut;

    /// <summary>What the last picture showed, for drawings.</summary>
    internal SlapMask Mask => mask;

    /// <summary>The fingers of a picture.</summary>
    /// <param name="image">Prints of 500 pixels per inch with dark ridges, or as they were captured.</param>
    /// <param name="request">The fingers that it should show.</param>
    public SlapSegmentation Segment(GrayImage image, SlapRequest request)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(request);
        if (ExtractionLimits.SizeFault(image.Width, image.Height) is { IsExtracted: false } fault)
        {
            return SlapSegmentation.Refused(fault.Failure.Value, fault.Rejection);
        }

        ReadOnlySpan<byte> clean = lines.Apply(image.Pixels.Span, image.Width, image.Height);
        energy.Read(clean, image.Width, image.Height);
        mask.Find(energy, lines.Steps);
        double degrees = direction.Find(mask.Inside, energy.Columns, energy.Rows);
        int wanted = request.Expected.Count;
        List<SlapFinger> found = FingersAlong(degrees, wanted);

        // Fingers that lean alike tell the direction better than their heaps do.
        if (found.Count > 0)
        {
            double mean = found.Average(finger => finger.Degrees);
            if (Math.Abs(mean - degrees) > 2)
            {
                degrees = mean;
                found = FingersAlong(degrees, wanted);
            }
        }

        return SlapJudgement.Of(found, degrees, request);
    }

    private List<SlapFinger> FingersAlong(double degrees, int wanted)
    {
        grid.Turn(mask.Inside, energy.Columns, energy.Rows, degrees);
        List<SlapStrip> columns = strips.Find(grid, wanted);
        if (columns.Count == 0)
        {
            // Ridges, but too few or too narrow for the tip of a finger.
            return [];
        }

        owners.Assign(energy, mask, grid, columns, strips.Tops);
        List<SlapFinger> found = [];
        for (int k = 0; k < columns.Count; k++)
        {
            if (outline.Of(energy, owners.Owners, (byte)(k + 1), degrees) is { } finger)
            {
                found.Add(finger);
            }
        }

        return found;
    }
}
