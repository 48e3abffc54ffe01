using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// The mark of a move as bytes: kind (1), move (16, RFC 9562 order), the other person (text), begun (8).
/// </summary>
internal static class TransitCodec
{
    public static void Write(FrameWriter writer, Transit transit)
    {
        writer.Byte((byte)transit.Kind);
        writer.Guid(transit.Move);
        writer.Text("other person", transit.Other, 1, Limits.IdBytes);
        writer.Instant(transit.Begun);
    }

    public static Transit Read(ref FrameReader reader) => new(
        (TransitKind)reader.Small("side of the move", (int)TransitKind.Leaving, (int)TransitKind.Arrived),
        reader.Guid("move"),
        reader.Text("other person", 1, Limits.IdBytes),
        reader.Instant("begun"));
}
