using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Streams;

namespace MatchCluster.Api.Operator;

/// <summary>The pictures that templates are to be made of.</summary>
internal sealed record ExtractRequest
{
    public required IReadOnlyList<OsiaBiometricData> BiometricData { get; init; }
}

/// <param name="Engine">What made the templates.</param>
/// <param name="Items">One for each item, in their order.</param>
internal sealed record ExtractAnswer(string Engine, IReadOnlyList<ExtractedItem> Items);

/// <summary>What one item gave: either <see cref="Error"/> or <see cref="Templates"/>.</summary>
internal sealed record ExtractedItem
{
    /// <summary>The item's place in the body.</summary>
    public required string Item { get; init; }

    /// <summary>Why its picture gave no template.</summary>
    public LineError? Error { get; init; }

    /// <summary>One for each finger or eye that the picture, or the record of pictures, shows.</summary>
    public IReadOnlyList<TemplateOfImage>? Templates { get; init; }
}

/// <summary>One template, as an item of a search or an enrolment takes it, and what is said of it.</summary>
internal sealed record TemplateOfImage
{
    public required BiometricType BiometricType { get; init; }

    public required BiometricSubType BiometricSubType { get; init; }

    public required string TemplateFormat { get; init; }

    public required byte[] Template { get; init; }

    /// <summary>0 (nothing to see) to 100.</summary>
    public required int Quality { get; init; }

    /// <summary>Minutiae of a finger, valid bits of an eye.</summary>
    public required int Features { get; init; }

    /// <summary>
    /// What was assumed or changed, and why the picture is poor: a word for programs, a colon, a sentence.
    /// </summary>
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>Drawings, and what lies where in them; only where drawings were asked for.</summary>
    public PictureOfImage? Picture { get; init; }
}

/// <summary>The picture as the extractor took it: of a finger at 500 pixels per inch, dark ridges on light.</summary>
internal sealed record PictureOfImage
{
    /// <summary>Pixels of a row, to which minutiae and lines refer; a drawing may be smaller.</summary>
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>The minutiae of a finger as the template states them.</summary>
    public IReadOnlyList<MinutiaOfImage>? Minutiae { get; init; }

    /// <summary>The borders of an eye.</summary>
    public IReadOnlyList<LineOfImage>? Lines { get; init; }

    public required IReadOnlyList<DrawingOfImage> Drawings { get; init; }
}

/// <param name="X">Pixels from the left edge.</param>
/// <param name="Y">Pixels from the top edge.</param>
/// <param name="Angle">Degrees, counter-clockwise from the positive x axis.</param>
/// <param name="Quality">1 to 100.</param>
/// <param name="Kind">"ending", "bifurcation" or "other".</param>
internal readonly record struct MinutiaOfImage(int X, int Y, double Angle, int Quality, string Kind);

/// <param name="Name">"pupil", "limbus", "upper-lid" or "lower-lid".</param>
/// <param name="Points">
/// Pixels from the left and from the top edge, x and y in turns. Pupil and limbus go once around, counter-clockwise
/// from three o'clock, with as many points each: the iris is unrolled from a point of the one to that of the other.
/// </param>
internal sealed record LineOfImage(string Name, IReadOnlyList<double> Points);

/// <param name="Kind">What it shows, in the word that asked for it.</param>
/// <param name="MediaType">image/png of "image", image/svg+xml of all others.</param>
/// <param name="Data">The file.</param>
internal sealed record DrawingOfImage(string Kind, string MediaType, byte[] Data);
