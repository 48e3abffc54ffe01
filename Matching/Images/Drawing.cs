namespace MatchCluster.Matching.Images;

/// <summary>What can be drawn of a picture that gave a template.</summary>
public enum DrawingKind
{
    /// <summary>The picture itself as the extractor took it, as PNG.</summary>
    Image,

    /// <summary>A finger's minutiae over the picture, coloured by quality.</summary>
    Minutiae,

    /// <summary>The middle lines of a finger's enhanced ridges, with the minutiae.</summary>
    Skeleton,

    /// <summary>The directions of a finger's ridges.</summary>
    Orientation,

    /// <summary>A finger's ridges after the filter that follows them.</summary>
    Enhanced,

    /// <summary>How much of each block of a print its ridges explain.</summary>
    Quality,

    /// <summary>An eye's pupil, outer border and lids over the picture.</summary>
    Contours,

    /// <summary>What of an iris is hidden, over the picture.</summary>
    Mask,

    /// <summary>The codes of an iris, bit by bit.</summary>
    Code,
}

/// <summary>One drawing.</summary>
/// <param name="Kind">What it shows.</param>
/// <param name="Bytes">A PNG of <see cref="DrawingKind.Image"/>, an SVG of all others.</param>
public sealed record Drawing(DrawingKind Kind, ReadOnlyMemory<byte> Bytes)
{
    public string MediaType => Kind == DrawingKind.Image ? "image/png" : "image/svg+xml";
}

/// <summary>What is drawn of the picture of one template.</summary>
/// <param name="Width">Pixels of a row of the picture that a template's positions and the lines are in.</param>
/// <param name="Height">Rows of it.</param>
/// <param name="Drawings">Those that were asked for and that the modality has.</param>
/// <param name="Lines">The borders of an eye; none of a finger.</param>
public sealed record DrawnPicture(
    int Width, int Height, IReadOnlyList<Drawing> Drawings, IReadOnlyList<DrawnLine> Lines);

/// <summary>A line that was found in a picture.</summary>
/// <param name="Name">"pupil", "limbus", "upper-lid" or "lower-lid".</param>
/// <param name="Points">
/// Pixels from the left and from the top edge. The points of pupil and limbus go once around, counter-clockwise from
/// three o'clock: the iris is unrolled from each point of the one to the point of the same number of the other.
/// </param>
public sealed record DrawnLine(string Name, IReadOnlyList<LinePoint> Points);

/// <summary>A place in a picture; whole numbers are middles of pixels.</summary>
public readonly record struct LinePoint(double X, double Y);
