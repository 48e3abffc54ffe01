using System.Buffers.Binary;
using MatchCluster.Matching.Images.Native;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Jpeg2000;

/// <summary>Reads JPEG 2000, a .jp2 file or a bare codestream, of grey or colours.</summary>
internal static class Jpeg2000Reader
{
    private const int WidthAt = 8;

    private static ReadOnlySpan<byte> EndOfCodestream => [0xFF, 0xD9];

    public static Decoded<GrayImage> Read(ReadOnlySpan<byte> bytes)
    {
        List<string> warnings = [];
        Decoded<Jp2File> file = Jp2File.Read(bytes, warnings);
        if (!file.IsAccepted)
        {
            return file.Rejection;
        }

        ReadOnlySpan<byte> codestream = bytes.Slice(file.Value.CodestreamAt, file.Value.CodestreamBytes);
        if (CodestreamGate.FaultOf(codestream) is { } fault)
        {
            return fault with { Offset = Math.Max(fault.Offset, 0) + file.Value.CodestreamAt };
        }

        if (!codestream.EndsWith(EndOfCodestream))
        {
            warnings.Add("the mark of the codestream's end is missing");
            codestream = (byte[])[.. codestream, .. EndOfCodestream];
        }

        Decoded<GrayImage> decoded = NativeCodec.Decode(
            codestream, file.Value.HasLumaAndChroma ? NativeFormat.LumaCodestream : NativeFormat.Codestream,
            BinaryPrimitives.ReadInt32BigEndian(codestream[WidthAt..]),
            BinaryPrimitives.ReadInt32BigEndian(codestream[(WidthAt + 4)..]));
        return decoded.IsAccepted ? decoded.Value with { StatedPpi = file.Value.Ppi, Warnings = warnings } : decoded;
    }
}
